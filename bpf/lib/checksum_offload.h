// SPDX-License-Identifier: Apache-2.0
//
// Whether a packet leaves its checksum to the network card. Behind telemetry the card may look for the wrong place, and a
// veth hands the packet on without one: the application at the other end would never see it.

#ifndef P4NI_CHECKSUM_OFFLOAD_H
#define P4NI_CHECKSUM_OFFLOAD_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

// What is read of the kernel's own structures; where it lies there is found out when the program is loaded.
struct net_device___p4ni {
	__u64 features;
} __attribute__((preserve_access_index));

struct sk_buff___p4ni {
	struct net_device___p4ni *dev;
	void *sk;
	__u8 ip_summed : 2;
} __attribute__((preserve_access_index));

// Linux 6.2.
extern void *bpf_cast_to_kern_ctx(void *context) __ksym __weak;

// The checksum is to be filled in by whoever sends the packet: CHECKSUM_PARTIAL.
#define P4NI_CHECKSUM_PARTIAL 3

// NETIF_F_IP_CSUM, NETIF_F_HW_CSUM, NETIF_F_IPV6_CSUM: without any of them the kernel fills it in before the card.
#define P4NI_CARD_SUMS 0x1aull

// 0 where the kernel does not tell.
static __always_inline int p4ni_checksum_is_left_to_the_card(struct __sk_buff *skb)
{
	struct sk_buff___p4ni *packet;

	if (!bpf_cast_to_kern_ctx)
		return 0;
	packet = bpf_cast_to_kern_ctx(skb);
	return BPF_CORE_READ_BITFIELD(packet, ip_summed) == P4NI_CHECKSUM_PARTIAL && packet->dev &&
	       packet->dev->features & P4NI_CARD_SUMS;
}

#endif
