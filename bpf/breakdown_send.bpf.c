// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The application's send call, for datagrams of sockets that are not connected: its beginning (cgroup sendmsg) is kept
// with the thread, and given to the request that the datagram answers as soon as there is a datagram (cgroup egress),
// which is still in the same thread and call, whatever queues lie behind.

#include "lib/kernel_types.h"
#include "lib/packet_request.h"
#include "lib/system_calls.h"
#include "lib/threads.h"

#define P4NI_ALLOW 1

static __always_inline int p4ni_note_call(struct bpf_sock_addr *ctx)
{
	struct bpf_sock_addr_kern *kernel = bpf_cast_to_kern_ctx(ctx);
	struct sock *sk = kernel->sk;
	struct task_struct *task;
	struct pt_regs *regs;
	__u64 socket;

	if (sk->__sk_common.skc_net.net->ns.inum != p4ni_config.namespace)
		return P4NI_ALLOW;
	task = (struct task_struct *)bpf_get_current_task_btf();
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	socket = p4ni_sends_one(regs->orig_ax) ? bpf_get_socket_cookie(ctx) : 0;
	p4ni_note_send(task->pid, socket, bpf_ktime_get_ns());
	return P4NI_ALLOW;
}

SEC("cgroup/sendmsg4")
int p4ni_send4(struct bpf_sock_addr *ctx)
{
	return p4ni_note_call(ctx);
}

SEC("cgroup/sendmsg6")
int p4ni_send6(struct bpf_sock_addr *ctx)
{
	return p4ni_note_call(ctx);
}

// A request whose reply has left without its telemetry, for want of room, keeps the time of that reply.
static __always_inline int p4ni_has_left(__u32 number)
{
	struct p4ni_slot *slot = p4ni_slot_of(number);

	return slot && *(volatile __u64 *)&slot->departed;
}

// To the request that the datagram answers.
static __always_inline void p4ni_give_send(struct __sk_buff *skb, __u64 sent)
{
	struct p4ni_payload at = {};
	struct p4ni_scratch scratch = {};
	struct p4ni_request request;
	struct p4ni_stages *stages;

	if (!p4ni_read_packet(skb, P4NI_REPLY, &scratch, &at) || scratch.key.protocol != IPPROTO_UDP ||
	    !p4ni_read_packet_id(skb, at.at - (void *)(long)skb->data, at.length, &scratch.key) ||
	    !p4ni_find_request(&scratch.key, &request) || p4ni_has_left(request.slot))
		return;
	stages = p4ni_stages_of(request.slot);
	if (stages)
		p4ni_note_once(stages, P4NI_STAGE_SENT, sent - request.arrival, request.stamp);
}

SEC("cgroup_skb/egress")
int p4ni_sent(struct __sk_buff *skb)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task_btf();
	__u64 sent = p4ni_consume_send(task->pid, bpf_get_socket_cookie(skb));

	if (sent)
		p4ni_give_send(skb, sent);
	return P4NI_ALLOW;
}
