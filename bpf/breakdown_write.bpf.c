// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// A send call on a TCP connection is about to write (tp_btf/tcp_sendmsg_locked, Linux 6.16), with the socket's lock
// held. Runs for every one of the machine; connections without requests of ours cost it one look.

#include "lib/kernel_types.h"
#include "lib/stream_breakdown.h"
#include "lib/system_calls.h"
#include <bpf/bpf_tracing.h>

// Whether the call begins to write when it begins: of those that send several messages each, and of io_uring, the time
// is not known.
static __always_inline int p4ni_writes_at_once(__u64 call)
{
	return call != P4NI_CALL_SENDMMSG && call != P4NI_CALL_IO_URING_ENTER;
}

SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(p4ni_write, struct sock *sk, struct msghdr *message)
{
	struct p4ni_stream *stream = bpf_sk_storage_get(&p4ni_streams, sk, 0, 0);
	struct task_struct *task;
	struct tcp_sock *tcp;
	struct pt_regs *regs;

	if (!stream)
		return 0;
	task = (struct task_struct *)bpf_get_current_task_btf();
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	tcp = bpf_rdonly_cast(sk, bpf_core_type_id_kernel(struct tcp_sock));
	p4ni_note_write(stream, tcp->write_seq, message->msg_iter.count, task->pid,
			p4ni_writes_at_once(regs->orig_ax) ? bpf_ktime_get_ns() : 0);
	return 0;
}
