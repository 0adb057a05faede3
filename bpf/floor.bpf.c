// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the benchmark measures against: programs that do nothing, and programs that do only what cannot be avoided.

#include "lib/license.h"
#include "lib/ethernet.h"
#include <linux/bpf.h>

// Bytes that the last two programs take away or make room for; set before they are loaded.
const volatile __u32 p4ni_floor_bytes SEC(".rodata.floor");

SEC("xdp.frags")
int p4ni_xdp_empty(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int p4ni_tc_empty(struct __sk_buff *skb)
{
	return -1;
}

// Takes the bytes away and puts the Ethernet header back; looks at nothing and keeps nothing.
SEC("xdp.frags")
int p4ni_xdp_strip_only(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 addresses[3];

	if (data + ETH_HLEN > end)
		return XDP_PASS;
	p4ni_copy_addresses(addresses, data);
	if (bpf_xdp_adjust_head(ctx, p4ni_floor_bytes))
		return XDP_PASS;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (data + ETH_HLEN > end)
		return XDP_PASS;
	p4ni_copy_addresses(data, addresses);
	*(__be16 *)(data + 12) = bpf_htons(ETH_P_IP);
	return XDP_PASS;
}

// Makes room for the bytes and leaves it empty.
SEC("tc")
int p4ni_tc_room_only(struct __sk_buff *skb)
{
	bpf_skb_change_head(skb, p4ni_floor_bytes, 0);
	return -1;
}
