// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TC ingress: answers the probes of the switch that the interface leads to, and of clients. Not at XDP: a veth drops what XDP sends
// back unless the other end has NAPI.

#ifndef P4NI_TC_ANSWER_H
#define P4NI_TC_ANSWER_H

#include "include/p4ni_discovery.h"
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_discovery);
} p4ni_discovery SEC(".maps");

#define P4NI_PROBE_AT ETH_HLEN

// Sends the answer to who asked, from the interface's address. A switch asks a group address, and hears it there; what it is
// answered counts for frames to the address that the answer is from.
static __always_inline int p4ni_turn_addresses(struct __sk_buff *skb, const struct p4ni_discovery *discovery)
{
	__u8 asked[2 * ETH_ALEN], turned[2 * ETH_ALEN];

	if (bpf_skb_load_bytes(skb, 0, asked, sizeof(asked)))
		return 0;
	if (asked[0] & 1) {
		__builtin_memcpy(turned, asked, ETH_ALEN);
		__builtin_memcpy(turned + ETH_ALEN, discovery->address, ETH_ALEN);
	} else {
		__builtin_memcpy(turned, asked + ETH_ALEN, ETH_ALEN);
		__builtin_memcpy(turned + ETH_ALEN, asked, ETH_ALEN);
	}
	return bpf_skb_store_bytes(skb, 0, turned, sizeof(turned), 0) == 0;
}

SEC("tc")
int p4ni_tc_answer(struct __sk_buff *skb)
{
	struct p4ni_discovery *discovery;
	struct p4ni_probe probe;
	__u32 zero = 0;

	if (__builtin_expect(skb->protocol != bpf_htons(P4NI_ETHERTYPE_PROBE), 1))
		return -1; // TCX_NEXT
	discovery = bpf_map_lookup_elem(&p4ni_discovery, &zero);
	if (!discovery || bpf_skb_load_bytes(skb, P4NI_PROBE_AT, &probe, sizeof(probe)) ||
	    probe.kind != P4NI_PROBE_REQUEST)
		return -1;
	probe.kind = P4NI_PROBE_ANSWER;
	probe.capabilities = discovery->capabilities;
	probe.node = bpf_htonl(discovery->node);
	if (bpf_skb_store_bytes(skb, P4NI_PROBE_AT, &probe, sizeof(probe), 0) || !p4ni_turn_addresses(skb, discovery))
		return -1;
	discovery->answered++;
	discovery->last = bpf_ktime_get_ns();
	if (probe.capabilities)
		discovery->last_positive = discovery->last;
	return bpf_redirect(skb->ifindex, 0);
}

#endif
