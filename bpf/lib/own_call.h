// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// In TC egress: whether it is the running thread's own call that hands over the packet. One that has waited, for its
// neighbour's address or in the queue of a device above, is sent by whatever comes next, be it a later call on its
// socket.

#ifndef P4NI_OWN_CALL_H
#define P4NI_OWN_CALL_H

#include "kernel_packet.h"
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct dst_entry___p4ni {
	struct net_device___p4ni *dev;
};
struct sk_buff___owned {
	unsigned long _skb_refdst;
	unsigned int truesize;
	struct net_device___p4ni *dev;
	struct sock___memory *sk;
};
struct task_struct___p4ni;
struct refcount___p4ni {
	struct {
		int counter;
	} refs;
};
struct sock___memory {
	struct refcount___p4ni sk_wmem_alloc;
};
struct task_struct___stack {
	void *stack;
	int softirq_disable_cnt; // of kernels where interrupts' work runs in threads (PREEMPT_RT)
};
#pragma clang attribute pop

// The bit of a reference to a route that says that it is not counted.
#define P4NI_ROUTE_UNCOUNTED 1ul

// Whether the thread is in its system call and not interrupted. Interrupts, and what they leave to be done, run on
// another stack than the thread's, also where a thread does it on its way. `registers` lie at the far end of the
// thread's.
static __always_inline int p4ni_is_in_call(const struct task_struct___p4ni *task, const void *registers)
{
	const struct task_struct___stack *thread = (const void *)task;
	volatile __u32 here = 0;
	__u64 at = (__u64)&here, low = (__u64)thread->stack;

	if (bpf_core_field_exists(thread->softirq_disable_cnt))
		return 0;
	return low && at >= low && at < (__u64)registers;
}

// Whether the packet's route leads through this very device, which has no queue in front of the hook.
static __always_inline int p4ni_is_routed_here(const struct sk_buff___owned *packet)
{
	struct dst_entry___p4ni *route = (void *)(packet->_skb_refdst & ~P4NI_ROUTE_UNCOUNTED);

	return route && BPF_CORE_READ(route, dev) == packet->dev;
}

// Whether the socket has no other packet under way: in a call that has one, it is this. The count of a socket's bytes
// begins at 1.
static __always_inline int p4ni_is_alone(const struct sk_buff___owned *packet)
{
	return BPF_CORE_READ(packet, sk, sk_wmem_alloc.refs.counter) - 1 == (int)packet->truesize;
}

// Of a UDP packet whose socket the running thread, which is not interrupted, is in a send call on.
static __always_inline int p4ni_is_of_this_call(struct __sk_buff *skb)
{
	const struct sk_buff___owned *packet = bpf_cast_to_kern_ctx(skb);

	return p4ni_is_routed_here(packet) || p4ni_is_alone(packet);
}

#endif
