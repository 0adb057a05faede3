// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the client's role reports to the agent: reports in a ring. Where nobody reads they are counted and dropped.

#ifndef P4NI_CLIENT_REPORTS_H
#define P4NI_CLIENT_REPORTS_H

#include "client_maps.h"

// A request has left: for whoever sees its telemetry elsewhere.
static __always_inline void
p4ni_report_sent(struct p4ni_client_percpu *here, __u32 host_id, __u32 sequence, __u64 called, __u64 sent)
{
	struct p4ni_report *report = &here->scratch.report;

	report->kind = P4NI_REPORT_SENT;
	report->length = 0;
	report->flow = here->scratch.flow;
	report->host_id = host_id;
	report->sequence = sequence;
	report->called = called;
	report->sent = sent;
	report->arrived = 0;
	report->received = 0;
	report->unreported = 0;
	if (bpf_ringbuf_output(&p4ni_reports, report, P4NI_REPORT_FIXED, 0))
		p4ni_client_count(here, P4NI_REPORT_LOST);
}

// A reply has come with telemetry: hands over the unchanged frame, up to the request id of the packet inside. Returns 0
// if the ring had no room.
static __always_inline int p4ni_report_reply(struct xdp_md *ctx, struct p4ni_client_percpu *here, __u32 length)
{
	struct p4ni_report *report = &here->scratch.report;

	asm volatile("" : "+r"(length));
	if (length > P4NI_REPORT_HEAD)
		length = P4NI_REPORT_HEAD;
	if (length < 1 || bpf_xdp_load_bytes(ctx, 0, report->head, length))
		length = 0;
	report->kind = P4NI_REPORT_REPLY;
	report->length = length;
	report->flow = here->scratch.flow;
	report->received = 0;
	asm volatile("" : "+r"(length));
	if (length > P4NI_REPORT_HEAD)
		return 0;
	if (bpf_ringbuf_output(&p4ni_reports, report, P4NI_REPORT_FIXED + length, 0)) {
		p4ni_client_count(here, P4NI_REPLY_RING_FULL);
		return 0;
	}
	p4ni_client_count(here, P4NI_REPLY_REPORTED);
	return 1;
}

#endif
