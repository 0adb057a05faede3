// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// A receive call has taken something from a socket and is about to return to the application. Runs for every receive
// call on every socket of the machine, so it leaves at once those of other network namespaces.
//
// Only the application's own buffer shows which request the call took: a socket's datagrams are handed out in order,
// but with several threads their calls return in any. Calls whose buffer is not found this way (recvmmsg, io_uring)
// have taken a request whose time of receipt stays unknown.

#include "lib/kernel_types.h"
#include "lib/outstanding.h"
#include "lib/stream_breakdown.h"
#include "lib/system_calls.h"
#include "lib/threads.h"
#include <linux/in.h>
#include <bpf/bpf_tracing.h>

// From <linux/socket.h>, which is not available to eBPF: MSG_PEEK does not consume data, MSG_ERRQUEUE returns error
// reports.
#define P4NI_MSG_PEEK 0x2
#define P4NI_MSG_ERRQUEUE 0x2000

struct p4ni_buffer {
	__u64 base;
	__u64 length;
};

// Where msghdr has its vector of buffers.
#define P4NI_MSG_IOV 16

// The first buffer of the system call that the thread is in; 0 if the call is not one of those known.
static __always_inline int p4ni_first_buffer(struct task_struct *task, struct p4ni_buffer *buffer)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	__u64 call = regs->orig_ax, at = regs->si;

	switch (call) {
	case P4NI_CALL_READ:
	case P4NI_CALL_RECVFROM:
		buffer->base = at;
		buffer->length = ~0ull; // what the call returned is all in it
		return 1;
	case P4NI_CALL_RECVMSG:
		if (bpf_probe_read_user(&at, sizeof(at), (void *)(at + P4NI_MSG_IOV)))
			return 0;
		break;
	case P4NI_CALL_READV:
		break;
	default:
		return 0;
	}
	return bpf_probe_read_user(buffer, sizeof(*buffer), (void *)at) == 0;
}

// As p4ni_load_payload, from the application's memory.
static __always_inline int p4ni_read_payload(struct task_struct *task, __u32 received, __u64 *payload)
{
	struct p4ni_buffer buffer;
	__u32 id;

	if (!p4ni_first_buffer(task, &buffer))
		return 0;
	if (received >= sizeof(*payload) && buffer.length >= sizeof(*payload))
		return bpf_probe_read_user(payload, sizeof(*payload), (void *)buffer.base) == 0;
	if (received < sizeof(id) || received >= sizeof(*payload) || buffer.length < received ||
	    bpf_probe_read_user(&id, sizeof(id), (void *)buffer.base))
		return 0;
	*payload = id;
	return 1;
}

// How long the thread could have run and did not, from `queued` on; all of it lies before its last start. Not reported
// if it started more than once since, or was not watched before.
static __always_inline void
p4ni_note_waiting(struct task_struct *task, struct p4ni_stages *stages, __u32 stamp, __u64 queued, __u64 now)
{
	__u64 waited = task->sched_info.run_delay, since = now - queued, running, wait;
	__u32 pid = task->pid;
	struct p4ni_thread *thread = p4ni_thread_of(pid);

	// A kernel that does not account for it has counted no start of a thread that runs.
	if (!thread || !task->sched_info.pcount)
		return;
	if (!p4ni_is_pid(thread->in, pid) || !p4ni_is_pid(thread->in_before, pid) ||
	    !p4ni_is_pid(thread->waited, pid)) {
		p4ni_watch(thread, pid, waited, now);
		return;
	}
	running = p4ni_from_to(thread->in, now);
	if (running >= since) {
		p4ni_note(stages, P4NI_STAGE_RUN_QUEUE, 0, stamp);
	} else if (p4ni_from_to(thread->in_before, now) >= since) {
		wait = p4ni_from_to(thread->waited, waited);
		p4ni_note(stages, P4NI_STAGE_RUN_QUEUE, wait < since - running ? wait : since - running, stamp);
	}
}

static __always_inline void
p4ni_note_receipt(struct task_struct *task, struct p4ni_stages *stages, __u32 slot, __u32 stamp, __u64 now)
{
	struct p4ni_slot *saved = p4ni_slot_of(slot);
	__u64 queued = p4ni_reading(stages, P4NI_STAGE_QUEUED, stamp), arrival;

	if (!saved)
		return;
	arrival = saved->arrival;
	if (!p4ni_note_once(stages, P4NI_STAGE_RECEIVED, now - arrival, stamp))
		p4ni_spoil(slot, stamp);
	else if (queued < P4NI_SPOILT)
		p4ni_note_waiting(task, stages, stamp, arrival + queued, now);
}

static __always_inline void p4ni_datagram_received(struct sock *sk, __u32 received, __u64 now)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task_btf();
	struct p4ni_identity identity;
	struct p4ni_stages *stages;
	__u64 payload, seen, *entry;

	if (!p4ni_read_payload(task, received, &payload))
		return;
	identity = p4ni_identity(bpf_get_socket_cookie(sk), payload);
	entry = bpf_map_lookup_elem(&p4ni_queued, &identity.entry);
	if (!entry)
		return;
	seen = *(volatile __u64 *)entry;
	if (!p4ni_is_queued(seen, identity.check))
		return;
	stages = p4ni_stages_of(seen >> 32);
	if (!stages)
		return;
	p4ni_note_receipt(task, stages, seen >> 32, seen, now);
	// Out of the queue: what looks the same from now on is another.
	p4ni_remove_queued(entry, seen);
}

// The call has taken the bytes up to `taken`, or, if that is not known to be its own doing, another has.
static __always_inline void p4ni_bytes_received(struct p4ni_stream *stream, struct task_struct *task, __u32 taken,
						__u32 length, int known, __u64 now)
{
	__u32 i;

	for (i = 0; i < P4NI_STREAM_REQUESTS; i++) {
		__u64 seen = *(volatile __u64 *)&stream->requests[i];
		struct p4ni_stages *stages = p4ni_stages_of(seen >> 32);
		struct p4ni_slot *slot = p4ni_slot_of(seen >> 32);

		if (!seen || !stages || !slot || p4ni_before(taken, slot->end) ||
		    !p4ni_before(taken - length, slot->end))
			continue;
		// Of another request in the same slot the stamp differs: nothing is noted for that one.
		if (known)
			p4ni_note_receipt(task, stages, seen >> 32, seen, now);
		__sync_val_compare_and_swap(&stream->requests[i], seen, 0);
	}
}

static __always_inline void p4ni_stream_received(struct sock *sk, __u32 length, __u64 now)
{
	struct p4ni_stream *stream = bpf_sk_storage_get(&p4ni_streams, sk, 0, 0);
	struct task_struct *task;
	struct pt_regs *regs;
	__u64 mark;
	__u32 pid;

	if (!stream)
		return;
	task = (struct task_struct *)bpf_get_current_task_btf();
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	pid = task->pid;
	mark = *(volatile __u64 *)&stream->taken[pid % P4NI_STREAM_READERS];
	if (mark >> 32 != pid)
		return;
	p4ni_bytes_received(stream, task, mark, length, p4ni_receives_one(regs->orig_ax), now);
}

// A receive call has taken bytes of a connection. Here it holds the socket's lock, so what it took is its own; when it
// returns, another thread may have taken more.
SEC("tp_btf/tcp_rcv_space_adjust")
int BPF_PROG(p4ni_copied, struct sock *sk)
{
	struct p4ni_stream *stream = bpf_sk_storage_get(&p4ni_streams, sk, 0, 0);
	struct task_struct *task;
	struct tcp_sock *tcp;
	__u32 pid;

	if (!stream)
		return 0;
	task = (struct task_struct *)bpf_get_current_task_btf();
	tcp = bpf_rdonly_cast(sk, bpf_core_type_id_kernel(struct tcp_sock));
	pid = task->pid;
	*(volatile __u64 *)&stream->taken[pid % P4NI_STREAM_READERS] = (__u64)pid << 32 | tcp->copied_seq;
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(p4ni_receive, struct sock *sk, int length, int flags)
{
	if (length <= 0 || flags & (P4NI_MSG_PEEK | P4NI_MSG_ERRQUEUE))
		return 0;
	if (sk->__sk_common.skc_net.net->ns.inum != p4ni_config.namespace)
		return 0;
	if (sk->sk_protocol == IPPROTO_UDP && p4ni_is_any_queued())
		p4ni_datagram_received(sk, length, bpf_ktime_get_ns());
	else if (sk->sk_protocol == IPPROTO_TCP)
		p4ni_stream_received(sk, length, bpf_ktime_get_ns());
	return 0;
}
