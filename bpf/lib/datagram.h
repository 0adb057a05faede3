// SPDX-License-Identifier: Apache-2.0
//
// The inner packet: IPv4 (options included) or IPv6 (without extension headers) carrying UDP, read into a flow key.

#ifndef P4NI_DATAGRAM_H
#define P4NI_DATAGRAM_H

#include "../include/p4ni_host.h"
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>

#define P4NI_FRAGMENT_BITS 0x3fff
#define P4NI_IPV6_FRAGMENT 44
#define P4NI_ID_SIZE 4

// P4NI_REASONS stands for "none: read on".
#define P4NI_FINE P4NI_REASONS

// Which way a datagram goes. A reply is read with its ends exchanged: into the key its request was saved under.
enum p4ni_direction {
	P4NI_REQUEST,
	P4NI_REPLY,
};

// What UDP says of itself; `payload` is where the request id is, which may lie beyond `end`.
static __always_inline enum p4ni_reason
p4ni_read_udp(void *at, void *end, __u32 room, enum p4ni_direction direction, struct p4ni_flow_key *key, void **payload)
{
	struct udphdr *udp = at;
	__u32 length;

	if ((void *)(udp + 1) > end)
		return P4NI_XDP_INNER_SHORT;
	length = bpf_ntohs(udp->len);
	if (length < sizeof(*udp) || length > room)
		return P4NI_XDP_INNER_SHORT;
	if (length < sizeof(*udp) + P4NI_ID_SIZE)
		return P4NI_XDP_NO_ID;
	key->source_port = direction == P4NI_REQUEST ? udp->source : udp->dest;
	key->destination_port = direction == P4NI_REQUEST ? udp->dest : udp->source;
	*payload = udp + 1;
	return P4NI_FINE;
}

static __always_inline enum p4ni_reason
p4ni_read_ipv4(void *at, void *end, enum p4ni_direction direction, struct p4ni_flow_key *key, void **payload)
{
	struct iphdr *ip = at;
	__u32 header, total;

	if ((void *)(ip + 1) > end)
		return P4NI_XDP_INNER_SHORT;
	header = (*(__u8 *)at & 0x0f) * 4;
	total = bpf_ntohs(ip->tot_len);
	if (*(__u8 *)at >> 4 != 4 || header < sizeof(*ip) || total < header)
		return P4NI_XDP_INNER_SHORT;
	if (ip->frag_off & bpf_htons(P4NI_FRAGMENT_BITS))
		return P4NI_XDP_FRAGMENT;
	if (ip->protocol != IPPROTO_UDP)
		return P4NI_XDP_PROTOCOL;
	key->source[0] = 0;
	key->source[1] = 0;
	key->source[2] = bpf_htonl(0xffff);
	key->source[3] = direction == P4NI_REQUEST ? ip->saddr : ip->daddr;
	key->destination[0] = 0;
	key->destination[1] = 0;
	key->destination[2] = bpf_htonl(0xffff);
	key->destination[3] = direction == P4NI_REQUEST ? ip->daddr : ip->saddr;
	if (__builtin_expect(header == sizeof(*ip), 1))
		return p4ni_read_udp(at + sizeof(*ip), end, total - header, direction, key, payload);
	asm volatile("" : "+r"(header));
	header &= 0x3c;
	return p4ni_read_udp(at + header, end, total - header, direction, key, payload);
}

static __always_inline enum p4ni_reason
p4ni_read_ipv6(void *at, void *end, enum p4ni_direction direction, struct p4ni_flow_key *key, void **payload)
{
	struct ipv6hdr *ip = at;

	if ((void *)(ip + 1) > end || *(__u8 *)at >> 4 != 6)
		return P4NI_XDP_INNER_SHORT;
	if (ip->nexthdr == P4NI_IPV6_FRAGMENT)
		return P4NI_XDP_FRAGMENT;
	if (ip->nexthdr != IPPROTO_UDP)
		return P4NI_XDP_PROTOCOL;
	__builtin_memcpy(key->source, direction == P4NI_REQUEST ? &ip->saddr : &ip->daddr, sizeof(key->source));
	__builtin_memcpy(key->destination, direction == P4NI_REQUEST ? &ip->daddr : &ip->saddr,
			 sizeof(key->destination));
	return p4ni_read_udp(at + sizeof(*ip), end, bpf_ntohs(ip->payload_len), direction, key, payload);
}

// Reads all of the key but the request id. `type` is the packet's EtherType.
static __always_inline enum p4ni_reason
p4ni_read_datagram(void *at, void *end, __be16 type, enum p4ni_direction direction, struct p4ni_flow_key *key,
		   void **payload)
{
	if (__builtin_expect(type == bpf_htons(ETH_P_IP), 1))
		return p4ni_read_ipv4(at, end, direction, key, payload);
	if (type == bpf_htons(ETH_P_IPV6))
		return p4ni_read_ipv6(at, end, direction, key, payload);
	return P4NI_XDP_INNER_TYPE;
}

#endif
