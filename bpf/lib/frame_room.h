// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Whether a packet may become longer: the device's MTU.

#ifndef P4NI_FRAME_ROOM_H
#define P4NI_FRAME_ROOM_H

#include "kernel_packet.h"

// Whether the device takes the packet with `added` bytes more. The same as bpf_check_mtu reports for a packet that is
// not segmented, without that call, which costs 30 ns and is made only where the kernel does not give its own
// structure.
static __always_inline int p4ni_fits(struct __sk_buff *skb, __u32 added)
{
	struct sk_buff___p4ni *packet = p4ni_kernel_packet(skb);
	__u32 mtu = 0;

	if (!packet)
		return !bpf_check_mtu(skb, 0, &mtu, added, 0);
	return packet->dev && skb->len + added <= packet->dev->mtu + packet->dev->hard_header_len;
}

#endif
