// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The packet inside, as the client's role needs it: its flow, how much payload it has, and where a TCP segment ends.

#ifndef P4NI_CLIENT_FLOW_H
#define P4NI_CLIENT_FLOW_H

#include "client_maps.h"
#include "datagram.h"
#include <linux/tcp.h>

#define P4NI_TCP_MIN 20
#define P4NI_TCP_PSH 0x08
#define P4NI_TCP_SYN_FIN_RST 0x07

static __always_inline void
p4ni_set_flow_ports(struct p4ni_client_flow *flow, enum p4ni_direction direction, __be16 source, __be16 destination)
{
	flow->source_port = direction == P4NI_REQUEST ? source : destination;
	flow->destination_port = direction == P4NI_REQUEST ? destination : source;
}

static __always_inline int
p4ni_flow_of_udp(void *at, void *end, __u32 room, enum p4ni_direction direction, struct p4ni_client_scratch *client)
{
	struct udphdr *udp = at;
	__u32 length;

	if ((void *)(udp + 1) > end)
		return 0;
	length = bpf_ntohs(udp->len);
	if (length < sizeof(*udp) || length > room)
		return 0;
	client->payload = length - sizeof(*udp);
	client->payload_at += sizeof(*udp);
	p4ni_set_flow_ports(&client->flow, direction, udp->source, udp->dest);
	return 1;
}

static __always_inline int
p4ni_flow_of_tcp(void *at, void *end, __u32 room, enum p4ni_direction direction, struct p4ni_client_scratch *client)
{
	struct tcphdr *tcp = at;
	__u32 header, flags;

	if (at + P4NI_TCP_MIN > end)
		return 0;
	header = (*(__u8 *)(at + 12) >> 4) * 4;
	flags = *(__u8 *)(at + 13);
	if (header < P4NI_TCP_MIN || header > room)
		return 0;
	client->payload = room - header;
	client->tcp_end = bpf_ntohl(tcp->seq) + client->payload;
	client->tcp_push = (flags & P4NI_TCP_PSH) && !(flags & P4NI_TCP_SYN_FIN_RST);
	p4ni_set_flow_ports(&client->flow, direction, tcp->source, tcp->dest);
	return 1;
}

static __always_inline int
p4ni_flow_of_ports(void *at, void *end, __u32 room, enum p4ni_direction direction, struct p4ni_client_scratch *client)
{
	asm volatile("" : "+r"(at));
	if (client->flow.protocol == IPPROTO_UDP)
		return p4ni_flow_of_udp(at, end, room, direction, client);
	return p4ni_flow_of_tcp(at, end, room, direction, client);
}

static __always_inline void p4ni_set_mapped(__be32 *to, __be32 address)
{
	to[0] = 0;
	to[1] = 0;
	to[2] = bpf_htonl(0xffff);
	to[3] = address;
}

static __always_inline int
p4ni_flow_of_ipv4(void *at, void *end, enum p4ni_direction direction, struct p4ni_client_scratch *client)
{
	struct p4ni_client_flow *flow = &client->flow;
	struct iphdr *ip = at;
	__u32 header, total;

	if ((void *)(ip + 1) > end)
		return 0;
	header = (*(__u8 *)at & 0x0f) * 4;
	total = bpf_ntohs(ip->tot_len);
	if (*(__u8 *)at >> 4 != 4 || header < sizeof(*ip) || total < header ||
	    ip->frag_off & bpf_htons(P4NI_FRAGMENT_BITS))
		return 0;
	if (ip->protocol != IPPROTO_UDP && ip->protocol != IPPROTO_TCP)
		return 0;
	flow->protocol = ip->protocol;
	p4ni_set_mapped(flow->source, direction == P4NI_REQUEST ? ip->saddr : ip->daddr);
	p4ni_set_mapped(flow->destination, direction == P4NI_REQUEST ? ip->daddr : ip->saddr);
	client->payload_at = header;
	asm volatile("" : "+r"(header));
	header &= 0x3c;
	return p4ni_flow_of_ports(at + header, end, total - header, direction, client);
}

static __always_inline int
p4ni_flow_of_ipv6(void *at, void *end, enum p4ni_direction direction, struct p4ni_client_scratch *client)
{
	struct p4ni_client_flow *flow = &client->flow;
	struct ipv6hdr *ip = at;

	if ((void *)(ip + 1) > end || *(__u8 *)at >> 4 != 6)
		return 0;
	if (ip->nexthdr != IPPROTO_UDP && ip->nexthdr != IPPROTO_TCP)
		return 0;
	flow->protocol = ip->nexthdr;
	client->payload_at = sizeof(*ip);
	__builtin_memcpy(flow->source, direction == P4NI_REQUEST ? &ip->saddr : &ip->daddr, sizeof(flow->source));
	__builtin_memcpy(flow->destination, direction == P4NI_REQUEST ? &ip->daddr : &ip->saddr,
			 sizeof(flow->destination));
	return p4ni_flow_of_ports(at + sizeof(*ip), end, bpf_ntohs(ip->payload_len), direction, client);
}

// Fills flow, payload and TCP's numbers; 0 for what is neither UDP nor TCP, is a fragment, or cannot be. `flow` is
// always the request's.
static __always_inline int
p4ni_flow_of(void *at, void *end, __be16 type, enum p4ni_direction direction, struct p4ni_client_scratch *client)
{
	if (type == bpf_htons(ETH_P_IP))
		return p4ni_flow_of_ipv4(at, end, direction, client);
	if (type == bpf_htons(ETH_P_IPV6))
		return p4ni_flow_of_ipv6(at, end, direction, client);
	return 0;
}

#endif
