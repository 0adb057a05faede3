// SPDX-License-Identifier: Apache-2.0
//
// The Ethernet header with up to two VLAN tags: everything in front of the shim.

#ifndef P4NI_ETHERNET_H
#define P4NI_ETHERNET_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define P4NI_TAG_SIZE 4
#define P4NI_L2_MAX (ETH_HLEN + 2 * P4NI_TAG_SIZE)

// A header's bytes but for its EtherType, kept while the frame's start moves.
struct p4ni_l2 {
	__u32 addresses[3];
	__u32 tags[2];
	__u32 length; // 14, 18 or 22, EtherType included
	__be16 type;  // EtherType behind the last tag
};

static __always_inline int p4ni_is_tag(__be16 type)
{
	return type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD);
}

// Fills `l2`; 0 when the frame ends within the header.
static __always_inline int p4ni_read_l2(void *data, void *end, struct p4ni_l2 *l2)
{
	if (data + ETH_HLEN > end)
		return 0;
	__builtin_memcpy(l2->addresses, data, 2 * ETH_ALEN);
	l2->type = *(__be16 *)(data + 12);
	l2->length = ETH_HLEN;
	if (__builtin_expect(!p4ni_is_tag(l2->type), 1))
		return 1;
	if (data + ETH_HLEN + P4NI_TAG_SIZE > end)
		return 0;
	l2->tags[0] = *(__u32 *)(data + 12);
	l2->type = *(__be16 *)(data + 16);
	l2->length = ETH_HLEN + P4NI_TAG_SIZE;
	if (!p4ni_is_tag(l2->type))
		return 1;
	if (data + P4NI_L2_MAX > end)
		return 0;
	l2->tags[1] = *(__u32 *)(data + 16);
	l2->type = *(__be16 *)(data + 20);
	l2->length = P4NI_L2_MAX;
	return 1;
}

// Where the telemetry of the frame starts. Written as three constant offsets, which the verifier follows better
// than one variable.
static __always_inline void *p4ni_after_l2(void *data, const struct p4ni_l2 *l2)
{
	if (__builtin_expect(l2->length == ETH_HLEN, 1))
		return data + ETH_HLEN;
	return l2->length == P4NI_L2_MAX ? data + P4NI_L2_MAX : data + ETH_HLEN + P4NI_TAG_SIZE;
}

// Writes the header so that it ends at `to` + P4NI_L2_MAX, with `type` as its EtherType, into memory that has
// P4NI_L2_MAX bytes at `to`; the header starts at `to` + P4NI_L2_MAX - length.
static __always_inline void p4ni_write_l2(void *to, const struct p4ni_l2 *l2, __be16 type)
{
	if (__builtin_expect(l2->length == ETH_HLEN, 1)) {
		__builtin_memcpy(to + 8, l2->addresses, 2 * ETH_ALEN);
	} else if (l2->length == P4NI_L2_MAX) {
		__builtin_memcpy(to, l2->addresses, 2 * ETH_ALEN);
		*(__u32 *)(to + 12) = l2->tags[0];
		*(__u32 *)(to + 16) = l2->tags[1];
	} else {
		__builtin_memcpy(to + 4, l2->addresses, 2 * ETH_ALEN);
		*(__u32 *)(to + 16) = l2->tags[0];
	}
	*(__be16 *)(to + 20) = type;
}

#endif
