// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The application's own calls: when it handed a request to the kernel, and when it had the reply. Known for sure or not
// at all.

#ifndef P4NI_CLIENT_CALLS_H
#define P4NI_CLIENT_CALLS_H

#include "client_maps.h"
#include "kernel_packet.h"
#include "own_call.h"
#include "send_check.h"
#include "system_calls.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <linux/in.h>

#define P4NI_CALLERS 4096

// A thread's last send call. Found by the thread's number; two that share one take it from each other.
struct p4ni_caller {
	__u64 time;    // CLOCK_TAI ns at which it began
	__u64 sk;      // address of the socket
	__u64 written; // TCP: number of the byte that the call writes first
	__u64 check;   // p4ni_caller_check of the above
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, P4NI_CALLERS);
	__type(key, __u32);
	__type(value, struct p4ni_caller);
} p4ni_callers SEC(".maps");

// What is read of the kernel's own structures.
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct socket___p4ni {
	void *sk;
};
struct file___p4ni {
	struct socket___p4ni *private_data;
};
struct fdtable___p4ni {
	unsigned int max_fds;
	struct file___p4ni **fd;
};
struct files_struct___p4ni {
	struct fdtable___p4ni *fdt;
};
struct task_struct___p4ni {
	int pid;
	struct files_struct___p4ni *files;
};
// Of x86-64; on other processors there is no such field, and the program that reads it is left out.
struct pt_regs___p4ni {
	unsigned long di;
	unsigned long orig_ax;
};
struct tcp_sock___p4ni {
	__u32 write_seq;
	__u32 copied_seq;
};
#pragma clang attribute pop

static __always_inline struct p4ni_caller *p4ni_caller_of(__u32 pid)
{
	__u32 at = pid % P4NI_CALLERS;

	return bpf_map_lookup_elem(&p4ni_callers, &at);
}

static __always_inline __u64 p4ni_caller_check(__u64 time, __u64 sk, __u32 written, __u32 pid)
{
	return p4ni_send_check(time, sk ^ (__u64)written << 32, pid);
}

// Takes over the thread's last send call, if the entry is the thread's.
static __always_inline int p4ni_read_caller(__u32 pid, struct p4ni_caller *call)
{
	const volatile struct p4ni_caller *caller = p4ni_caller_of(pid);

	if (!caller)
		return 0;
	call->time = caller->time;
	call->sk = caller->sk;
	call->written = caller->written;
	return caller->check == p4ni_caller_check(call->time, call->sk, call->written, pid);
}

// The address of the socket of a file descriptor; of other files something that no socket has.
static __always_inline __u64 p4ni_socket_of(struct task_struct___p4ni *task, __u32 descriptor)
{
	struct file___p4ni **files, *file = 0;

	if (descriptor >= BPF_CORE_READ(task, files, fdt, max_fds))
		return 0;
	files = BPF_CORE_READ(task, files, fdt, fd);
	if (bpf_probe_read_kernel(&file, sizeof(file), files + descriptor) || !file)
		return 0;
	return (__u64)BPF_CORE_READ(file, private_data, sk);
}

// In TC egress: when the send call began that the frame comes from, ns of CLOCK_TAI. 0 unless the running thread is in
// a send call on the very socket, and hands the frame over itself; of TCP, unless the segment ends with all that has
// been written; this call wrote the last of them.
static __always_inline __u64 p4ni_send_called(struct __sk_buff *skb, __u32 tcp_end)
{
	struct task_struct___p4ni *task = (void *)bpf_get_current_task_btf();
	struct pt_regs___p4ni *regs;
	struct tcp_sock___p4ni *tcp;
	struct bpf_sock *sk = skb->sk;
	struct p4ni_caller call;

	if (!sk || !bpf_cast_to_kern_ctx || !p4ni_read_caller(task->pid, &call))
		return 0;
	if (call.sk != (__u64)((struct sk_buff___p4ni *)bpf_cast_to_kern_ctx(skb))->sk)
		return 0;
	regs = (void *)bpf_task_pt_regs((struct task_struct *)task);
	if (!bpf_core_field_exists(regs->orig_ax) || !p4ni_sends_one(regs->orig_ax))
		return 0;
	tcp = (void *)bpf_skc_to_tcp_sock(sk);
	if (!p4ni_is_in_call(task, regs))
		return 0;
	if (tcp)
		return tcp->write_seq == tcp_end && tcp_end != (__u32)call.written ? call.time : 0;
	return p4ni_is_of_this_call(skb) ? call.time : 0;
}

#endif
