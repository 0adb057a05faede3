// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TC egress of the benchmark's client: puts telemetry in front of one request in N, as the switches on its way would
// have done.

#include "include/p4ni_inserter.h"
#include "lib/license.h"
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define P4NI_TC_NEXT (-1)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_insertion);
} p4ni_insertion SEC(".maps");

// Requests so far.
__u64 p4ni_insert_requests;

// Whether it is a packet with payload to the port.
static __always_inline int p4ni_is_request(struct __sk_buff *skb, __u32 port)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *link = data;
	struct iphdr *ip = data + ETH_HLEN;
	struct udphdr *udp = (void *)(ip + 1);
	struct tcphdr *tcp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end || link->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5 ||
	    udp->dest != bpf_htons(port))
		return 0;
	if (ip->protocol == IPPROTO_UDP)
		return 1;
	if (ip->protocol != IPPROTO_TCP || (void *)(tcp + 1) > end)
		return 0;
	return bpf_ntohs(ip->tot_len) > sizeof(*ip) + tcp->doff * 4;
}

SEC("tc")
int p4ni_insert(struct __sk_buff *skb)
{
	struct p4ni_insertion *insertion;
	__u32 zero = 0, length;

	insertion = bpf_map_lookup_elem(&p4ni_insertion, &zero);
	if (!insertion || !insertion->every || skb->gso_segs > 1 || !p4ni_is_request(skb, insertion->port))
		return P4NI_TC_NEXT;
	if (__sync_fetch_and_add(&p4ni_insert_requests, 1) % insertion->every)
		return P4NI_TC_NEXT;
	length = insertion->length;
	asm volatile("" : "+r"(length));
	if (length <= ETH_HLEN || length > P4NI_INSERT_ROOM || bpf_skb_change_head(skb, length - ETH_HLEN, 0))
		return P4NI_TC_NEXT;
	bpf_skb_store_bytes(skb, 0, insertion->frame, length, 0);
	return P4NI_TC_NEXT;
}
