// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Reading what is between the Ethernet header and the inner packet. All in network byte order.

#ifndef P4NI_TELEMETRY_H
#define P4NI_TELEMETRY_H

#include "datagram.h"
#include "maps.h"
#include "reference.h"
#include "shim.h"
#include <linux/types.h>

static __always_inline __u32 p4ni_record_size(__u32 level)
{
	return P4NI_RECORD_SIZES >> ((level - 1) * 8 & 63) & 0xff;
}

// Whether the records of a level end with next_proto.
static __always_inline __u32 p4ni_is_chained(__u32 level)
{
	return P4NI_CHAINED_LEVELS >> (level & 31) & 1;
}

// Walks the records as far as next_proto announces another, which must be as many as were claimed. `last` gets the
// last one, which announces something else.
static __always_inline enum p4ni_reason p4ni_walk_records(void *shim, void *end, __u32 count, __u32 size, __be16 *last)
{
	void *at = shim + P4NI_SHIM_SIZE - P4NI_NEXT_PROTO_SIZE;
	__u32 i;

#pragma clang loop unroll(disable)
	for (i = 1; i <= P4NI_MAX_RECORDS; i++) {
		at += size;
		asm volatile("" : "+r"(at));
		if (at + P4NI_NEXT_PROTO_SIZE > end)
			return i > count ? P4NI_XDP_CHAIN : P4NI_XDP_SHORT;
		*last = *(__be16 *)at;
		if (*last != bpf_htons(P4NI_ETHERTYPE_RECORD))
			break;
	}
	return i == count ? P4NI_FINE : P4NI_XDP_CHAIN;
}

// Reads the two bytes that end at `length` from the start of the shim: the next_proto of what is there.
static __always_inline enum p4ni_reason p4ni_read_type(void *shim, void *end, __u32 length, __be16 *type)
{
	void *at;

	asm volatile("" : "+r"(length));
	if (length < P4NI_SHIM_SIZE || length > P4NI_FRAME_ROOM)
		return P4NI_XDP_COUNT;
	at = shim + length;
	asm volatile("" : "+r"(at));
	if (at > end)
		return P4NI_XDP_SHORT;
	*type = *(__be16 *)(at - P4NI_NEXT_PROTO_SIZE);
	return P4NI_FINE;
}

// Reads the source record, if there is one: flag S says so, and where there are hop records with a next_proto, `last`
// of them must agree.
static __always_inline enum p4ni_reason
p4ni_read_source_record(void *shim, void *end, __u32 flags, __be16 *last, struct p4ni_scratch *found)
{
	int flagged = !!(flags & P4NI_FLAG_SOURCE_RECORD);

	if (found->form & P4NI_FORM_CHAINED && found->count && flagged != (*last == bpf_htons(P4NI_ETHERTYPE_SOURCE)))
		return P4NI_XDP_CHAIN;
	if (!flagged)
		return P4NI_FINE;
	found->kept += P4NI_SOURCE_RECORD_SIZE;
	found->form |= P4NI_FORM_CHAINED | P4NI_FORM_SOURCE;
	return p4ni_read_type(shim, end, found->kept, last);
}

// Reads the host record, if the last next_proto or flag H announces one, and the type of what follows.
static __always_inline enum p4ni_reason
p4ni_read_host_record(void *shim, void *end, __u32 flags, __u32 level, __be16 last, struct p4ni_scratch *found)
{
	int flagged = !!(flags & P4NI_FLAG_HOST_RECORD);
	int extended = last == bpf_htons(P4NI_ETHERTYPE_HOST_EXTENDED);
	int present = extended || last == bpf_htons(P4NI_ETHERTYPE_HOST);

	found->stripped = found->kept;
	if (!(found->form & P4NI_FORM_CHAINED)) {
		extended = present = flagged;
		last = flags & P4NI_FLAG_INNER_IPV6 ? bpf_htons(ETH_P_IPV6) : bpf_htons(ETH_P_IP);
	}
	found->type = last;
	if (p4ni_has_flags(found->form) && flagged != present)
		return P4NI_XDP_CHAIN;
	if (__builtin_expect(!present, 1))
		return P4NI_FINE;
	if (!p4ni_is_chained(level) && !extended)
		return P4NI_XDP_CHAIN;
	found->stripped += extended ? sizeof(struct p4ni_extended_record) : sizeof(struct p4ni_host_record);
	return p4ni_read_type(shim, end, found->stripped, &found->type);
}

// Checks the hop records: `kept` is then what they and the shim are long.
static __always_inline enum p4ni_reason
p4ni_read_records(void *shim, void *end, __u32 level, __be16 *last, struct p4ni_scratch *found)
{
	__u32 size = p4ni_record_size(level), count = found->count;

	asm volatile("" : "+r"(size));
	if (size > P4NI_RECORD_SIZE_MAX)
		return P4NI_XDP_LEVEL;
	if (level == P4NI_LEVEL_CONSTANT && count > 1)
		count = 1;
	found->kept = P4NI_SHIM_SIZE + count * size;
	if (!p4ni_is_chained(level))
		return shim + found->kept > end ? P4NI_XDP_SHORT : P4NI_FINE;
	found->form |= P4NI_FORM_CHAINED;
	return count ? p4ni_walk_records(shim, end, count, size, last) : P4NI_FINE;
}

// What may follow all telemetry. Other types are found out when the packet is read.
static __always_inline enum p4ni_reason p4ni_check_inner_type(__be16 type)
{
	switch (type) {
	case bpf_htons(P4NI_ETHERTYPE_SHIM):
		return P4NI_XDP_NESTED;
	case bpf_htons(P4NI_ETHERTYPE_RECORD):
	case bpf_htons(P4NI_ETHERTYPE_HOST):
	case bpf_htons(P4NI_ETHERTYPE_HOST_EXTENDED):
	case bpf_htons(P4NI_ETHERTYPE_SOURCE):
		return P4NI_XDP_CHAIN;
	default:
		return P4NI_FINE;
	}
}

static __always_inline enum p4ni_reason p4ni_check_shim(const struct p4ni_shim *head, __u32 level)
{
	if (level < P4NI_LEVEL_MIN || level > P4NI_LEVEL_MAX)
		return P4NI_XDP_LEVEL;
	if (p4ni_is_reference_count_too_large(head))
		return P4NI_XDP_COUNT;
	if (head->count > P4NI_MAX_RECORDS || (head->count == 0 && !(head->flags & P4NI_FLAG_SOURCE_RECORD)))
		return P4NI_XDP_COUNT;
	return head->forward > head->count ? P4NI_XDP_FORWARD : P4NI_FINE;
}

// Checks everything from the shim to the inner EtherType and says what is there.
static __always_inline enum p4ni_reason p4ni_read_telemetry(void *shim, void *end, struct p4ni_scratch *found)
{
	enum p4ni_reason reason;
	struct p4ni_shim head;
	__be16 last = 0;
	__u32 level, word;

	if (shim + P4NI_SHIM_SIZE > end)
		return P4NI_XDP_SHORT_SHIM;
	word = *(__u32 *)shim; // as one load: of a structure of bytes, each would be loaded by itself
	__builtin_memcpy(&head, &word, sizeof(head));
	found->count = head.count;
	level = p4ni_level_of(&head, &found->form);
	reason = p4ni_check_shim(&head, level);
	if (reason != P4NI_FINE)
		return reason;
	reason = p4ni_read_records(shim, end, level, &last, found);
	if (reason != P4NI_FINE)
		return reason;
	reason = p4ni_read_source_record(shim, end, head.flags, &last, found);
	if (reason != P4NI_FINE)
		return reason;
	reason = p4ni_read_host_record(shim, end, head.flags, level, last, found);
	if (reason != P4NI_FINE)
		return reason;
	return p4ni_check_inner_type(found->type);
}

#endif
