// SPDX-License-Identifier: Apache-2.0
//
// Reading and completing what stands between the Ethernet header and the inner packet. All in network byte order.

#ifndef P4NI_TELEMETRY_H
#define P4NI_TELEMETRY_H

#include "datagram.h"
#include "maps.h"
#include <linux/types.h>

struct p4ni_shim {
	__u8 level;
	__u8 flags;
	__u8 forward;
	__u8 count;
};

_Static_assert(sizeof(struct p4ni_shim) == P4NI_SHIM_SIZE, "a shim is 4 bytes");

// Sizes of the levels as bytes of one word: a table in memory would cost a map.
#define P4NI_RECORD_SIZES \
	((__u32)P4NI_RECORD_SIZE_1 | P4NI_RECORD_SIZE_2 << 8 | P4NI_RECORD_SIZE_3 << 16 | P4NI_RECORD_SIZE_4 << 24)

static __always_inline __u32 p4ni_record_size(__u32 level)
{
	return P4NI_RECORD_SIZES >> ((level - 1) * 8 & 31) & 0xff;
}

// Walks the records as far as next_proto announces another, which must be as many as were claimed. `last` gets the
// last one, which announces something else.
static __always_inline enum p4ni_reason
p4ni_walk_records(void *shim, void *end, __u32 count, __u32 size, __be16 *last)
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

// Takes the host record, when the last next_proto tells of one, and what it says follows.
static __always_inline enum p4ni_reason
p4ni_read_host_record(void *shim, void *end, const struct p4ni_shim *head, __be16 last, struct p4ni_work *found)
{
	int flagged = head->flags & P4NI_FLAG_HOST_RECORD;
	int present = last == bpf_htons(P4NI_ETHERTYPE_HOST);
	__u32 kept = found->kept;
	struct p4ni_host_record *record;

	found->type = last;
	found->stripped = kept;
	if (last == bpf_htons(P4NI_ETHERTYPE_HOST_EXTENDED))
		return P4NI_XDP_EXTENDED;
	if (!found->reference && !flagged != !present)
		return P4NI_XDP_CHAIN;
	if (!present)
		return P4NI_FINE;
	asm volatile("" : "+r"(kept));
	if (kept > P4NI_TELEMETRY_MAX)
		return P4NI_XDP_COUNT;
	record = shim + kept;
	asm volatile("" : "+r"(record));
	if ((void *)(record + 1) > end)
		return P4NI_XDP_SHORT;
	found->type = record->next_proto;
	found->stripped = kept + sizeof(*record);
	return P4NI_FINE;
}

// Checks everything from the shim to the inner EtherType and says what is there.
static __always_inline enum p4ni_reason
p4ni_read_telemetry(void *shim, void *end, struct p4ni_work *found)
{
	enum p4ni_reason reason;
	struct p4ni_shim head;
	__be16 last = 0;
	__u32 level, size, word;

	if (shim + P4NI_SHIM_SIZE > end)
		return P4NI_XDP_SHORT_SHIM;
	word = *(__u32 *)shim; // as one load: of a structure of bytes, each would be loaded by itself
	__builtin_memcpy(&head, &word, sizeof(head));
	found->count = head.count;
	found->reference = head.level == 0;
	level = found->reference ? p4ni_config.reference_level : head.level;
	if (level < P4NI_LEVEL_MIN || level > P4NI_LEVEL_MAX)
		return P4NI_XDP_LEVEL;
	if (found->count == 0 || found->count > P4NI_MAX_RECORDS)
		return P4NI_XDP_COUNT;
	// A reference shim is one 32-bit count: a bit in its upper bytes makes it far too large.
	if (found->reference && (head.flags | head.forward))
		return P4NI_XDP_COUNT;
	if (head.forward > found->count)
		return P4NI_XDP_FORWARD;
	size = p4ni_record_size(level);
	asm volatile("" : "+r"(size));
	if (size > P4NI_RECORD_SIZE_MAX)
		return P4NI_XDP_LEVEL;
	reason = p4ni_walk_records(shim, end, found->count, size, &last);
	if (reason != P4NI_FINE)
		return reason;
	found->kept = P4NI_SHIM_SIZE + found->count * size;
	reason = p4ni_read_host_record(shim, end, &head, last, found);
	if (reason != P4NI_FINE)
		return reason;
	if (found->type == bpf_htons(P4NI_ETHERTYPE_SHIM))
		return P4NI_XDP_NESTED;
	if (found->type == bpf_htons(P4NI_ETHERTYPE_RECORD) || found->type == bpf_htons(P4NI_ETHERTYPE_HOST))
		return P4NI_XDP_CHAIN;
	return P4NI_FINE;
}

#endif
