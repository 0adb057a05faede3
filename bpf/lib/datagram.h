// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The inner packet: IPv4 (options included) or IPv6 (without extension headers) carrying UDP or TCP, read into a flow
// key.

#ifndef P4NI_DATAGRAM_H
#define P4NI_DATAGRAM_H

#include "port_rules.h"
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>

#define P4NI_FRAGMENT_BITS 0x3fff
#define P4NI_FRAGMENT_OFFSET 0x1fff
#define P4NI_IPV6_FRAGMENT 44

// Flags in the 14th byte of a TCP header.
#define P4NI_TCP_FIN 0x01
#define P4NI_TCP_SYN 0x02
#define P4NI_TCP_RST 0x04
#define P4NI_TCP_PSH 0x08
#define P4NI_TCP_ACK 0x10

// P4NI_REASONS means "no reason: read on".
#define P4NI_FINE P4NI_REASONS

// Which way a packet goes. A reply is read with its ends exchanged: into the key its request was saved under. A plain
// request is one without telemetry.
enum p4ni_direction {
	P4NI_REQUEST,
	P4NI_REPLY,
	P4NI_PLAIN_REQUEST,
};

// Payload of a packet, which may lie beyond the bytes at hand.
struct p4ni_payload {
	void *at;
	__u32 length;
	struct p4ni_rule rule; // of a reply's or plain request's port
	void *transport;       // where the UDP or TCP header begins
	__u32 covered;         // bytes from there that its checksum covers
	__u32 room;            // and that there are by the account of the IP header
	__u32 is_fragment;     // 1: the first part of a plain request
};

// Whether something may be waiting for a reply or a plain request: telemetry has come for its server's port. It leaves
// all other packets with little more to do than to find their ports.
static __always_inline int p4ni_is_awaited(__be16 source, __be16 destination, __u32 protocol,
					   enum p4ni_direction direction, struct p4ni_payload *payload)
{
	struct p4ni_rule *found;

	if (direction == P4NI_REQUEST)
		return 1;
	found = p4ni_rule_at(direction == P4NI_REPLY ? source : destination, protocol);
	if (!found || !(found->kind & P4NI_RULE_USED))
		return 0;
	payload->rule = p4ni_copy_rule(found);
	return 1;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a key's words are put together in this order");

// A key is written in words of the size that it is read in: a processor cannot forward parts of a word from its store
// buffer.
static __always_inline void
p4ni_set_ports(struct p4ni_flow_key *key, __u8 protocol, __be16 from, __be16 to, enum p4ni_direction direction)
{
	__u64 source = direction == P4NI_REPLY ? to : from, destination = direction == P4NI_REPLY ? from : to;

	*(__u64 *)&key->source_port = source | destination << 16 | (__u64)protocol << 32;
	key->request_id = 0;
}

static __always_inline enum p4ni_reason p4ni_read_udp(void *at, void *end, __u32 room, enum p4ni_direction direction,
						      struct p4ni_scratch *scratch, struct p4ni_payload *payload)
{
	struct udphdr *udp = at;
	__u32 length;

	if ((void *)(udp + 1) > end)
		return P4NI_XDP_INNER_SHORT;
	length = bpf_ntohs(udp->len);
	if (length < sizeof(*udp) || (length > room && !payload->is_fragment))
		return P4NI_XDP_INNER_SHORT;
	if (!p4ni_is_awaited(udp->source, udp->dest, IPPROTO_UDP, direction, payload))
		return P4NI_TC_UNMATCHED;
	p4ni_set_ports(&scratch->key, IPPROTO_UDP, udp->source, udp->dest, direction);
	payload->transport = at;
	payload->covered = length;
	payload->room = room;
	payload->at = udp + 1;
	payload->length = length - sizeof(*udp);
	return P4NI_FINE;
}

static __always_inline enum p4ni_reason p4ni_read_tcp(void *at, void *end, __u32 room, enum p4ni_direction direction,
						      struct p4ni_scratch *scratch, struct p4ni_payload *payload)
{
	struct tcphdr *tcp = at;
	__u32 header;

	if ((void *)(tcp + 1) > end)
		return P4NI_XDP_INNER_SHORT;
	header = (*(__u8 *)(at + 12) >> 4) * 4;
	if (header < sizeof(*tcp) || header > room)
		return P4NI_XDP_INNER_SHORT;
	if (!p4ni_is_awaited(tcp->source, tcp->dest, IPPROTO_TCP, direction, payload))
		return P4NI_TC_UNMATCHED;
	p4ni_set_ports(&scratch->key, IPPROTO_TCP, tcp->source, tcp->dest, direction);
	payload->transport = at;
	payload->covered = room;
	payload->room = room;
	payload->at = at;
	payload->length = room - header;
	scratch->tcp_flags = *(__u8 *)(at + 13);
	scratch->sequence = bpf_ntohl(tcp->seq);
	scratch->end = scratch->sequence + payload->length;
	scratch->acknowledged = bpf_ntohl(tcp->ack_seq);
	return P4NI_FINE;
}

static __always_inline enum p4ni_reason
p4ni_read_transport(void *at, void *end, __u8 protocol, __u32 room, enum p4ni_direction direction,
		    struct p4ni_scratch *scratch, struct p4ni_payload *payload)
{
	if (__builtin_expect(protocol == IPPROTO_UDP, 1))
		return p4ni_read_udp(at, end, room, direction, scratch, payload);
	if (protocol == IPPROTO_TCP)
		return p4ni_read_tcp(at, end, room, direction, scratch, payload);
	// Not even the IP header is complete: no stack takes such a packet, with or without telemetry.
	return at > end ? P4NI_XDP_INNER_SHORT : P4NI_XDP_PROTOCOL;
}

static __always_inline void
p4ni_set_addresses4(struct p4ni_flow_key *key, const struct iphdr *ip, enum p4ni_direction direction)
{
	__u64 source = direction == P4NI_REPLY ? ip->daddr : ip->saddr;
	__u64 destination = direction == P4NI_REPLY ? ip->saddr : ip->daddr;

	*(__u64 *)&key->source[0] = 0;
	*(__u64 *)&key->source[2] = source << 32 | bpf_htonl(0xffff);
	*(__u64 *)&key->destination[0] = 0;
	*(__u64 *)&key->destination[2] = destination << 32 | bpf_htonl(0xffff);
}

static __always_inline void
p4ni_set_addresses6(struct p4ni_flow_key *key, const struct ipv6hdr *ip, enum p4ni_direction direction)
{
	const __u64 *source = (const void *)(direction == P4NI_REPLY ? &ip->daddr : &ip->saddr);
	const __u64 *destination = (const void *)(direction == P4NI_REPLY ? &ip->saddr : &ip->daddr);

	*(__u64 *)&key->source[0] = source[0];
	*(__u64 *)&key->source[2] = source[1];
	*(__u64 *)&key->destination[0] = destination[0];
	*(__u64 *)&key->destination[2] = destination[1];
}

static __always_inline enum p4ni_reason p4ni_read_ipv4(void *at, void *end, enum p4ni_direction direction,
						       struct p4ni_scratch *scratch, struct p4ni_payload *payload)
{
	enum p4ni_reason reason;
	struct iphdr *ip = at;
	__u32 header, total;

	if ((void *)(ip + 1) > end)
		return P4NI_XDP_INNER_SHORT;
	header = (*(__u8 *)at & 0x0f) * 4;
	total = bpf_ntohs(ip->tot_len);
	if (*(__u8 *)at >> 4 != 4 || header < sizeof(*ip) || total < header)
		return P4NI_XDP_INNER_SHORT;
	if (__builtin_expect(ip->frag_off & bpf_htons(P4NI_FRAGMENT_BITS), 0)) {
		if (direction != P4NI_PLAIN_REQUEST || ip->frag_off & bpf_htons(P4NI_FRAGMENT_OFFSET))
			return P4NI_XDP_FRAGMENT;
		payload->is_fragment = 1;
	}
	if (__builtin_expect(header == sizeof(*ip), 1)) {
		reason = p4ni_read_transport(at + sizeof(*ip), end, ip->protocol, total - header, direction, scratch,
					     payload);
	} else {
		asm volatile("" : "+r"(header));
		header &= 0x3c;
		reason = p4ni_read_transport(at + header, end, ip->protocol, total - header, direction, scratch,
					     payload);
	}
	if (reason == P4NI_FINE)
		p4ni_set_addresses4(&scratch->key, ip, direction);
	return reason;
}

static __always_inline enum p4ni_reason p4ni_read_ipv6(void *at, void *end, enum p4ni_direction direction,
						       struct p4ni_scratch *scratch, struct p4ni_payload *payload)
{
	enum p4ni_reason reason;
	struct ipv6hdr *ip = at;

	if ((void *)(ip + 1) > end || *(__u8 *)at >> 4 != 6)
		return P4NI_XDP_INNER_SHORT;
	if (ip->nexthdr == P4NI_IPV6_FRAGMENT)
		return P4NI_XDP_FRAGMENT;
	reason = p4ni_read_transport(at + sizeof(*ip), end, ip->nexthdr, bpf_ntohs(ip->payload_len), direction, scratch,
				     payload);
	if (reason != P4NI_FINE)
		return reason;
	p4ni_set_addresses6(&scratch->key, ip, direction);
	return P4NI_FINE;
}

// Reads all of the key but the request id, and of TCP the numbers. `type` is the packet's EtherType.
static __always_inline enum p4ni_reason
p4ni_read_datagram(void *at, void *end, __be16 type, enum p4ni_direction direction, struct p4ni_scratch *scratch,
		   struct p4ni_payload *payload)
{
	if (__builtin_expect(type == bpf_htons(ETH_P_IP), 1))
		return p4ni_read_ipv4(at, end, direction, scratch, payload);
	if (type == bpf_htons(ETH_P_IPV6))
		return p4ni_read_ipv6(at, end, direction, scratch, payload);
	return P4NI_XDP_INNER_TYPE;
}

#endif
