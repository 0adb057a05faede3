// SPDX-License-Identifier: Apache-2.0
//
// The record of the host's own time, put behind the saved telemetry when the reply leaves.

#ifndef P4NI_HOST_RECORD_H
#define P4NI_HOST_RECORD_H

#include "request_store.h"
#include "telemetry.h"

// What is known of a reply when its telemetry is completed.
struct p4ni_departure {
	__u64 now;     // CLOCK_MONOTONIC ns at the TC egress hook
	__u64 ordinal; // of this answer, from 1
	__be16 type;   // the reply's EtherType
};

// Bytes that p4ni_complete adds. Where no next_proto can announce a record, flag H means an extended one.
static __always_inline __u32 p4ni_host_record_size(const struct p4ni_slot *slot)
{
	return slot->form & P4NI_FORM_CHAINED ? sizeof(struct p4ni_host_record) : sizeof(struct p4ni_extended_record);
}

#define P4NI_OFFSET(record, field) __builtin_offsetof(struct record, field)

// As words: of a packed structure each byte would be stored by itself.
static __always_inline void
p4ni_write_host_record(void *record, const struct p4ni_slot *slot, const struct p4ni_departure *departure)
{
	*(__be64 *)(record + P4NI_OFFSET(p4ni_host_record, tx_reqs)) = bpf_cpu_to_be64(departure->ordinal);
	*(__be64 *)(record + P4NI_OFFSET(p4ni_host_record, time_reqs)) = bpf_cpu_to_be64(departure->now - slot->arrival);
	*(__be16 *)(record + P4NI_OFFSET(p4ni_host_record, next_proto)) = departure->type;
}

// Without parts: none was measured.
static __always_inline void
p4ni_write_extended_record(void *record, const struct p4ni_slot *slot, const struct p4ni_departure *departure)
{
	__u64 arrival = bpf_ktime_get_tai_ns() - (bpf_ktime_get_ns() - slot->arrival);

	__builtin_memset(record, 0, sizeof(struct p4ni_extended_record));
	*(__be64 *)(record + P4NI_OFFSET(p4ni_extended_record, ordinal)) = bpf_cpu_to_be64(departure->ordinal);
	*(__be64 *)(record + P4NI_OFFSET(p4ni_extended_record, arrival)) = bpf_cpu_to_be64(arrival);
	*(__be64 *)(record + P4NI_OFFSET(p4ni_extended_record, total)) = bpf_cpu_to_be64(departure->now - slot->arrival);
	*(__be16 *)(record + P4NI_OFFSET(p4ni_extended_record, next_proto)) = departure->type;
}

// Completes the saved bytes in place: forward count, flag and chain, then the host record behind the last record.
static __always_inline void
p4ni_complete(struct p4ni_slot *slot, __u32 length, const struct p4ni_departure *departure)
{
	void *record = slot->frame + length;
	struct p4ni_shim *shim = (void *)slot->frame;

	if (!(slot->form & P4NI_FORM_REFERENCE)) {
		shim->flags |= P4NI_FLAG_HOST_RECORD;
		shim->forward = shim->count;
	}
	if (slot->form & P4NI_FORM_CHAINED) {
		*(__be16 *)(record - P4NI_NEXT_PROTO_SIZE) = bpf_htons(P4NI_ETHERTYPE_HOST);
		p4ni_write_host_record(record, slot, departure);
	} else {
		p4ni_write_extended_record(record, slot, departure);
	}
}

#endif
