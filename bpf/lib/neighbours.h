// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The client's neighbours, which its frames go to next. Telemetry is begun only while the neighbour answers probes: a
// router would drop the frame, and so would a host without programs.
//
// A probe is a copy of a request on its way out, cut to a few bytes and given another EtherType. It leaves through TC
// egress as well, in the middle of the run that makes it (`asks`).

#ifndef P4NI_NEIGHBOURS_H
#define P4NI_NEIGHBOURS_H

#include "../include/p4ni_discovery.h"
#include "client_maps.h"
#include "ethernet.h"
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>

// Bytes of a probe, the Ethernet header included: the least that an Ethernet frame has.
#define P4NI_PROBE_LENGTH 60

static __always_inline struct p4ni_neighbour_key p4ni_neighbour_key(const void *mac)
{
	struct p4ni_neighbour_key key = {};

	__builtin_memcpy(key.mac, mac, sizeof(key.mac));
	return key;
}

// Makes the copy a probe. One that cannot be shortened, because of a checksum that is still to be finished, goes out as
// long as it is.
static __always_inline int p4ni_become_probe(struct __sk_buff *skb, struct p4ni_client_percpu *here)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct p4ni_probe probe = { .kind = P4NI_PROBE_REQUEST };
	__be16 type, own = bpf_htons(P4NI_ETHERTYPE_PROBE);
	__u32 length = p4ni_l2_length(data, end, &type);

	here->asks = 0;
	if (!length || bpf_skb_store_bytes(skb, length - sizeof(own), &own, sizeof(own), 0) ||
	    bpf_skb_store_bytes(skb, length, &probe, sizeof(probe), 0))
		return TC_ACT_SHOT;
	if (skb->len > P4NI_PROBE_LENGTH)
		bpf_skb_change_tail(skb, P4NI_PROBE_LENGTH, 0);
	return -1; // TCX_NEXT
}

// Probes the neighbour if the last probe is old enough.
static __always_inline void
p4ni_ask(struct __sk_buff *skb, struct p4ni_neighbour *neighbour, struct p4ni_client_percpu *here, __u64 now)
{
	__u64 asked = *(volatile __u64 *)&neighbour->asked;

	if (asked && now - asked < P4NI_ASK_EVERY)
		return;
	if (__sync_val_compare_and_swap(&neighbour->asked, asked, now) != asked)
		return;
	here->asks = 1;
	bpf_clone_redirect(skb, skb->ifindex, 0);
	here->asks = 0;
}

// What the neighbour that the frame goes to does with telemetry; 0 if it has not answered lately.
static __always_inline __u32 p4ni_neighbour_takes(struct __sk_buff *skb, const struct p4ni_scratch *scratch,
						  struct p4ni_client_percpu *here, __u64 now)
{
	struct p4ni_neighbour_key key = p4ni_neighbour_key(scratch->l2_addresses);
	struct p4ni_neighbour fresh = {}, *neighbour = bpf_map_lookup_elem(&p4ni_neighbours, &key);

	if (!neighbour) {
		bpf_map_update_elem(&p4ni_neighbours, &key, &fresh, BPF_NOEXIST);
		neighbour = bpf_map_lookup_elem(&p4ni_neighbours, &key);
		if (!neighbour)
			return 0;
	}
	p4ni_ask(skb, neighbour, here, now);
	if (!neighbour->answered || (now > neighbour->answered && now - neighbour->answered > P4NI_ANSWER_LIFETIME))
		return 0;
	return neighbour->capabilities;
}

// XDP: an answer counts if the neighbour was asked.
static __always_inline void p4ni_hear(void *data, void *end, __u32 length)
{
	struct p4ni_probe *probe = p4ni_after_l2(data, length);
	struct p4ni_neighbour *neighbour;
	struct p4ni_neighbour_key key;

	if ((void *)(probe + 1) > end || data + ETH_HLEN > end || probe->kind != P4NI_PROBE_ANSWER)
		return;
	key = p4ni_neighbour_key(data + ETH_ALEN);
	neighbour = bpf_map_lookup_elem(&p4ni_neighbours, &key);
	if (!neighbour)
		return;
	neighbour->capabilities = probe->capabilities;
	neighbour->node = bpf_ntohl(probe->node);
	neighbour->answered = bpf_ktime_get_ns();
}

#endif
