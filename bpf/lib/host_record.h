// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The record of the host's own time, put after the saved telemetry when the reply leaves.

#ifndef P4NI_HOST_RECORD_H
#define P4NI_HOST_RECORD_H

#include "counters.h"
#include "host_parts.h"
#include "reference.h"
#include "request_store.h"
#include "telemetry.h"

// What is known of a reply when its telemetry is completed.
struct p4ni_departure {
	__u64 now;     // CLOCK_MONOTONIC ns at the TC egress hook
	__u64 late;    // ns by which this frame left later, since the reply's first one had no room for telemetry
	__u64 ordinal; // of this answer, from 1
	__u64 word;    // state word that the slot had
	__u32 slot;    // its number
	__be16 type;   // the reply's EtherType
};

#define P4NI_OFFSET(record, field) __builtin_offsetof(struct record, field)

// Whether the record is the extended one: always where no next_proto can announce the plain one.
static __always_inline int p4ni_is_extended(const struct p4ni_slot *slot)
{
	return !(slot->form & P4NI_FORM_CHAINED) || p4ni_allows_extended(slot->form);
}

// Bytes that p4ni_complete adds.
static __always_inline __u32 p4ni_host_record_size(const struct p4ni_slot *slot)
{
	return p4ni_is_extended(slot) ? sizeof(struct p4ni_extended_record) : sizeof(struct p4ni_host_record);
}

// As words: of a packed structure each byte would be stored by itself.
static __always_inline void
p4ni_write_host_record(void *record, const struct p4ni_slot *slot, const struct p4ni_departure *departure)
{
	*(__be64 *)(record + P4NI_OFFSET(p4ni_host_record, tx_reqs)) = bpf_cpu_to_be64(departure->ordinal);
	*(__be64 *)(record + P4NI_OFFSET(p4ni_host_record, time_reqs)) =
		bpf_cpu_to_be64(departure->now - slot->arrival);
	*(__be16 *)(record + P4NI_OFFSET(p4ni_host_record, next_proto)) = departure->type;
}

// How long the distance between the clocks is taken to be valid: a clock that is set is followed that late.
#define P4NI_TAI_STANDS 1000000ull
// A reading that took longer was interrupted, and would give a wrong distance: it is read again.
#define P4NI_TAI_READING 500
#define P4NI_TAI_TRIES 3

// CLOCK_TAI for a time of CLOCK_MONOTONIC. Reading both for every reply would cost as much as all that is noted.
static __always_inline __u64 p4ni_tai(__u64 time, __u64 now)
{
	struct p4ni_percpu *percpu = p4ni_this_cpu();
	__u64 before, tai, took;
	__u32 try;

	if (!percpu)
		return 0;
	if (now - percpu->tai_read <= P4NI_TAI_STANDS)
		return time + percpu->tai_offset;
	for (try = 0; try < P4NI_TAI_TRIES; try++) {
		before = bpf_ktime_get_ns();
		tai = bpf_ktime_get_tai_ns();
		took = bpf_ktime_get_ns() - before;
		// Before the first good one, a bad one is better than none, until the next reply.
		if (took < P4NI_TAI_READING || !percpu->tai_read)
			percpu->tai_offset = tai - before - took / 2;
		if (took < P4NI_TAI_READING) {
			percpu->tai_read = now;
			break;
		}
	}
	return time + percpu->tai_offset;
}

#define P4NI_PUT32(field, value) *(__be32 *)(record + P4NI_OFFSET(p4ni_extended_record, field)) = bpf_htonl(value)
#define P4NI_PUT64(field, value) *(__be64 *)(record + P4NI_OFFSET(p4ni_extended_record, field)) = bpf_cpu_to_be64(value)

// As p4/INT_quantizers.p4 has it.
static __always_inline __u32 p4ni_logarithm(__u64 value)
{
	__u32 shift = 0;

	if (value >= 1ull << 34)
		return 255;
	if (value >= 1 << 19)
		value >>= 16, shift = 16;
	if (value >= 1 << 11)
		value >>= 8, shift += 8;
	if (value >= 1 << 7)
		value >>= 4, shift += 4;
	if (value >= 1 << 5)
		value >>= 2, shift += 2;
	if (value >= 1 << 4)
		value >>= 1, shift += 1;
	return shift * 8 + value;
}

static __always_inline void
p4ni_write_extended_record(void *record, const struct p4ni_slot *slot, const struct p4ni_departure *departure)
{
	__u64 total = departure->now - slot->arrival;
	struct p4ni_parts parts = {};

	p4ni_read_parts(departure->slot, departure->word, total, slot->key.protocol == IPPROTO_TCP, &parts);
	P4NI_PUT32(host_id, p4ni_config.host_id);
	P4NI_PUT32(flags, p4ni_logarithm(departure->late / 1000) << 24 | parts.measured << 16 | (slot->cpu & 0xffff));
	P4NI_PUT64(ordinal, departure->ordinal);
	P4NI_PUT64(arrival, p4ni_tai(slot->arrival, departure->now));
	P4NI_PUT64(total, total);
	P4NI_PUT32(to_queue, parts.to_queue);
	P4NI_PUT32(to_receive, parts.to_receive);
	P4NI_PUT32(application, parts.application);
	P4NI_PUT32(to_egress, parts.to_egress);
	P4NI_PUT32(run_queue, parts.run_queue);
	P4NI_PUT32(queue_depth, parts.queue_depth);
	P4NI_PUT32(retransmits, parts.retransmits << 16 | bpf_ntohs(departure->type));
}

// Completes the saved bytes in place: forward count, flag and chain, then the host record after the last record.
static __always_inline void p4ni_complete(struct p4ni_slot *slot, __u32 length, const struct p4ni_departure *departure)
{
	int extended = p4ni_is_extended(slot);
	void *record = slot->frame + length;

	p4ni_complete_shim((void *)slot->frame, slot->form);
	if (slot->form & P4NI_FORM_CHAINED)
		*(__be16 *)(record - P4NI_NEXT_PROTO_SIZE) =
			extended ? bpf_htons(P4NI_ETHERTYPE_HOST_EXTENDED) : bpf_htons(P4NI_ETHERTYPE_HOST);
	if (extended)
		p4ni_write_extended_record(record, slot, departure);
	else
		p4ni_write_host_record(record, slot, departure);
}

#endif
