// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The Ethernet header with up to two VLAN tags: everything in front of the shim.

#ifndef P4NI_ETHERNET_H
#define P4NI_ETHERNET_H

#include "../include/p4ni_host.h"
#include <linux/if_ether.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define P4NI_TAG_SIZE 4
#define P4NI_L2_MAX (ETH_HLEN + 2 * P4NI_TAG_SIZE)

static __always_inline int p4ni_is_tag(__be16 type)
{
	return type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD);
}

// Where the header of a tagged frame ends, 0 when the frame does before; `type` gets the EtherType after the tags.
static __always_inline __u32 p4ni_tagged_length(void *data, void *end, __be16 *type)
{
	if (data + ETH_HLEN + P4NI_TAG_SIZE > end)
		return 0;
	*type = *(__be16 *)(data + 16);
	if (!p4ni_is_tag(*type))
		return ETH_HLEN + P4NI_TAG_SIZE;
	if (data + P4NI_L2_MAX > end)
		return 0;
	*type = *(__be16 *)(data + 20);
	return P4NI_L2_MAX;
}

// Where the header ends, 0 when the frame does before; `type` gets its EtherType, that after the tags if there are any.
static __always_inline __u32 p4ni_l2_length(void *data, void *end, __be16 *type)
{
	if (data + ETH_HLEN > end)
		return 0;
	*type = *(__be16 *)(data + 12);
	if (__builtin_expect(!p4ni_is_tag(*type), 1))
		return ETH_HLEN;
	return p4ni_tagged_length(data, end, type);
}

// As words: memcpy from a packet would go byte by byte.
static __always_inline void p4ni_copy_addresses(void *to, const void *from)
{
	((__u32 *)to)[0] = ((const __u32 *)from)[0];
	((__u32 *)to)[1] = ((const __u32 *)from)[1];
	((__u32 *)to)[2] = ((const __u32 *)from)[2];
}

// Keeps the header's bytes, except its EtherType, while the frame's start moves.
static __always_inline int p4ni_keep_l2(void *data, void *end, struct p4ni_scratch *scratch)
{
	if (data + ETH_HLEN > end)
		return 0;
	p4ni_copy_addresses(scratch->l2_addresses, data);
	if (__builtin_expect(scratch->l2_length == ETH_HLEN, 1))
		return 1;
	if (data + ETH_HLEN + P4NI_TAG_SIZE > end)
		return 0;
	scratch->l2_tags[0] = *(__u32 *)(data + 12);
	if (scratch->l2_length != P4NI_L2_MAX)
		return 1;
	if (data + P4NI_L2_MAX > end)
		return 0;
	scratch->l2_tags[1] = *(__u32 *)(data + 16);
	return 1;
}

// Writes the kept header with `type` as its EtherType. `to` has room for P4NI_L2_MAX bytes if the header has tags,
// and for ETH_HLEN if not.
static __always_inline void p4ni_write_plain_l2(void *to, const struct p4ni_scratch *scratch, __be16 type)
{
	p4ni_copy_addresses(to, scratch->l2_addresses);
	*(__be16 *)(to + 12) = type;
}

static __always_inline void p4ni_write_tagged_l2(void *to, const struct p4ni_scratch *scratch, __be16 type)
{
	p4ni_copy_addresses(to, scratch->l2_addresses);
	*(__u32 *)(to + 12) = scratch->l2_tags[0];
	if (scratch->l2_length == P4NI_L2_MAX) {
		*(__u32 *)(to + 16) = scratch->l2_tags[1];
		*(__be16 *)(to + 20) = type;
	} else {
		*(__be16 *)(to + 16) = type;
	}
}

// Where the frame's bytes after an Ethernet header of `length` bytes are. The length is bounded by a mask and hidden
// from the compiler, so that the verifier sees one path and not one per length, and checks the pointer that is used.
static __always_inline void *p4ni_after_l2(void *data, __u32 length)
{
	void *at;

	asm volatile("" : "+r"(length));
	at = data + (length & 31);
	asm volatile("" : "+r"(at));
	return at;
}

// Writes the kept header, with the shim's EtherType, to the bytes before `end`, and stores it and the `added` bytes
// from `end` on at the start of the packet, in one call. Each length of the header has its own call, because the
// verifier wants to know where the source begins. Returns 0 if the kernel refuses.
static __always_inline int
p4ni_store_after_l2(struct __sk_buff *skb, void *end, const struct p4ni_scratch *scratch, __u32 added)
{
	__u32 length = scratch->l2_length;

	asm volatile("" : "+r"(length));
	if (__builtin_expect(length == ETH_HLEN, 1)) {
		p4ni_write_plain_l2(end - ETH_HLEN, scratch, bpf_htons(P4NI_ETHERTYPE_SHIM));
		return !bpf_skb_store_bytes(skb, 0, end - ETH_HLEN, ETH_HLEN + added, 0);
	}
	if (length == P4NI_L2_MAX) {
		p4ni_write_tagged_l2(end - P4NI_L2_MAX, scratch, bpf_htons(P4NI_ETHERTYPE_SHIM));
		return !bpf_skb_store_bytes(skb, 0, end - P4NI_L2_MAX, P4NI_L2_MAX + added, 0);
	}
	length = ETH_HLEN + P4NI_TAG_SIZE;
	p4ni_write_tagged_l2(end - length, scratch, bpf_htons(P4NI_ETHERTYPE_SHIM));
	return !bpf_skb_store_bytes(skb, 0, end - length, length + added, 0);
}

#endif
