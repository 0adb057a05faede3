// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Whether a packet leaves its checksum to the network card. After telemetry the card may look in the wrong place, and a
// veth hands the packet on without one: the application at the other end would never see it.

#ifndef P4NI_CHECKSUM_OFFLOAD_H
#define P4NI_CHECKSUM_OFFLOAD_H

#include "kernel_packet.h"

// The checksum is to be filled in by whoever sends the packet: CHECKSUM_PARTIAL.
#define P4NI_CHECKSUM_PARTIAL 3

// NETIF_F_IP_CSUM, NETIF_F_HW_CSUM, NETIF_F_IPV6_CSUM: without any of them the kernel fills it in before the card.
#define P4NI_CARD_SUMS 0x1aull

// 0 where the kernel does not report it.
static __always_inline int p4ni_checksum_is_left_to_the_card(struct __sk_buff *skb)
{
	struct sk_buff___p4ni *packet = p4ni_kernel_packet(skb);

	return packet && BPF_CORE_READ_BITFIELD(packet, ip_summed) == P4NI_CHECKSUM_PARTIAL && packet->dev &&
	       packet->dev->features & P4NI_CARD_SUMS;
}

#endif
