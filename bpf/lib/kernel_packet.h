// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The kernel's own structure of a packet. A structure of the program's context holds only what the kernel chose to
// show; the rest is read directly, which takes no call. The names are ours: where the fields lie is found out when a
// program is loaded.

#ifndef P4NI_KERNEL_PACKET_H
#define P4NI_KERNEL_PACKET_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct net_device___p4ni {
	__u64 features;
	__u32 mtu;
	__u16 hard_header_len;
} __attribute__((preserve_access_index));

struct sk_buff___p4ni {
	struct net_device___p4ni *dev;
	void *sk;
	__u8 ip_summed : 2;
} __attribute__((preserve_access_index));

// Linux 6.2.
extern void *bpf_cast_to_kern_ctx(void *context) __ksym __weak;

// 0 where the kernel does not give it.
static __always_inline struct sk_buff___p4ni *p4ni_kernel_packet(struct __sk_buff *skb)
{
	return bpf_cast_to_kern_ctx ? bpf_cast_to_kern_ctx(skb) : 0;
}

#endif
