// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The parts of a host's time, from what was noted of the request on its way. They are reported only if nothing
// contradicts them: each time noted once, none before the one it must follow.

#ifndef P4NI_HOST_PARTS_H
#define P4NI_HOST_PARTS_H

#include "stages.h"

// Parts as they go into the extended record, in host byte order; 0 where `measured` has no flag for them.
struct p4ni_parts {
	__u32 measured; // P4NI_MEASURED_…
	__u32 to_queue;
	__u32 to_receive;
	__u32 application;
	__u32 to_egress;
	__u32 run_queue;
	__u32 queue_depth;
	__u32 retransmits; // of 16 bits; TCP
};

// Times are ns since arrival, P4NI_SPOILT and above where there is no time.
struct p4ni_times {
	__u64 queued;
	__u64 received;
	__u64 sent;
	__u64 total;
};

static __always_inline int p4ni_is_known(__u64 reading)
{
	return reading < P4NI_SPOILT;
}

// Each that is known comes after those before it.
static __always_inline int p4ni_are_ordered(const struct p4ni_times *times)
{
	__u64 last = p4ni_is_known(times->queued) ? times->queued : 0;

	if (p4ni_is_known(times->received)) {
		if (times->received < last)
			return 0;
		last = times->received;
	}
	if (p4ni_is_known(times->sent)) {
		if (times->sent < last)
			return 0;
		last = times->sent;
	}
	return last <= times->total;
}

static __always_inline void p4ni_part_times(const struct p4ni_times *times, struct p4ni_parts *parts)
{
	if (p4ni_is_known(times->queued)) {
		parts->to_queue = times->queued;
		parts->measured |= P4NI_MEASURED_TO_QUEUE;
	}
	if (p4ni_is_known(times->queued) && p4ni_is_known(times->received)) {
		parts->to_receive = times->received - times->queued;
		parts->measured |= P4NI_MEASURED_TO_RECEIVE;
	}
	if (p4ni_is_known(times->received) && p4ni_is_known(times->sent)) {
		parts->application = times->sent - times->received;
		parts->measured |= P4NI_MEASURED_APPLICATION;
	}
	if (p4ni_is_known(times->sent) && p4ni_is_known(times->total - times->sent)) {
		parts->to_egress = times->total - times->sent;
		parts->measured |= P4NI_MEASURED_TO_EGRESS;
	}
}

// `word` is the state word that the slot had; the claim on it is ours, so no new request writes at the same time.
static __always_inline void
p4ni_read_parts(__u32 slot, __u64 word, __u64 total, int is_stream, struct p4ni_parts *parts)
{
	struct p4ni_stages *stages = p4ni_stages_of(slot);
	__u32 stamp = p4ni_stamp_of(word);
	struct p4ni_times times = { .total = total };
	__u64 reading;

	if (!stages || p4ni_reading(stages, P4NI_STAGE_DOUBT, stamp) != P4NI_UNREAD)
		return;
	times.queued = p4ni_reading(stages, P4NI_STAGE_QUEUED, stamp);
	times.received = p4ni_reading(stages, P4NI_STAGE_RECEIVED, stamp);
	times.sent = p4ni_reading(stages, P4NI_STAGE_SENT, stamp);
	if (!p4ni_are_ordered(&times))
		return;
	p4ni_part_times(&times, parts);
	reading = p4ni_reading(stages, P4NI_STAGE_DEPTH, stamp);
	if (p4ni_is_known(reading)) {
		parts->queue_depth = reading;
		parts->measured |= P4NI_MEASURED_QUEUE_DEPTH;
	}
	reading = p4ni_reading(stages, P4NI_STAGE_RUN_QUEUE, stamp);
	if (p4ni_is_known(reading) && parts->measured & P4NI_MEASURED_TO_RECEIVE) {
		parts->run_queue = reading;
		parts->measured |= P4NI_MEASURED_RUN_QUEUE;
	}
	if (!is_stream)
		return;
	reading = p4ni_reading(stages, P4NI_STAGE_RETRANSMITTED, stamp);
	if (p4ni_is_known(reading)) {
		parts->retransmits = reading;
		parts->measured |= P4NI_MEASURED_RETRANSMITS;
	}
}

#endif
