// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Requests without telemetry, at XDP. What waits under the key of one must not go out with its reply: its sender may not
// be able to strip it. Frames of ports that telemetry never came for are left after their ports have been found, and
// others once the key's set shows that nothing waits, and contest.h's entry that none came.

#ifndef P4NI_PLAIN_REQUEST_H
#define P4NI_PLAIN_REQUEST_H

#include "contest.h"
#include "progress_acknowledged.h"
#include "request_id.h"
#include "stream_request.h"

// Reads the request id of a UDP payload into the key.
static __always_inline enum p4ni_reason
p4ni_read_request_id(struct xdp_md *ctx, struct p4ni_rule rule, const struct p4ni_payload *payload,
		     struct p4ni_scratch *scratch)
{
	void *at = payload->at, *end = (void *)(long)ctx->data_end;
	enum p4ni_reason reason;

	if (__builtin_expect(rule.kind == P4NI_RULE_DEFAULT, 1)) {
		if (payload->length < P4NI_DEFAULT_ID_WIDTH)
			return P4NI_XDP_NO_ID;
		asm volatile("" : "+r"(at));
		if (at + P4NI_DEFAULT_ID_WIDTH > end)
			return P4NI_XDP_INNER_SHORT;
		scratch->key.request_id = *(__u32 *)at;
		return P4NI_FINE;
	}
	reason = p4ni_check_rule(rule, payload->length);
	if (reason != P4NI_FINE || rule.kind == P4NI_RULE_NONE)
		return reason;
	if (p4ni_load_id(bpf_xdp_load_bytes, ctx, at - (void *)(long)ctx->data, rule, &scratch->key.request_id))
		return P4NI_FINE;
	return P4NI_XDP_INNER_SHORT;
}

// Of a TCP connection, what stands for bytes that the socket has not got yet.
static __always_inline void p4ni_discard_segment(struct xdp_md *ctx, struct p4ni_scratch *scratch)
{
	struct p4ni_forgetting what = {
		.reason = P4NI_XDP_DISCARDED,
		.start = scratch->sequence,
		.end = scratch->end,
		.only_within = 1,
	};

	if (p4ni_ask_socket(ctx, scratch) == P4NI_FINE)
		p4ni_forget(scratch, &what);
}

// All of it, and what comes until the request is answered will not be kept: counted before what waits is looked for, so
// that one of the two programs notices that is saving some at this moment.
static __always_inline void p4ni_discard_datagram(struct p4ni_scratch *scratch)
{
	struct p4ni_forgetting what = { .reason = P4NI_XDP_DISCARDED };
	int is_counted = p4ni_contest(scratch->hash, 1, 0);
	__u32 dropped = p4ni_forget(scratch, &what);

	if (dropped)
		p4ni_contest(scratch->hash, is_counted ? dropped : dropped + 1, 1);
}

// Something may wait under the key of a plain request: it is dropped. The checksum does not matter: a sender on the same
// machine leaves it to a card that there is not, and who forges a request can make it right. Not static for the verifier's
// sake, as p4ni_move_to_overflow.
__noinline int p4ni_discard(struct xdp_md *ctx, struct p4ni_scratch *scratch)
{
	if (!scratch)
		return 0;
	if (scratch->key.protocol == IPPROTO_TCP)
		p4ni_discard_segment(ctx, scratch);
	else
		p4ni_discard_datagram(scratch);
	return 0;
}

// A frame without a shim.
static __always_inline void
p4ni_look_at_plain(struct xdp_md *ctx, struct p4ni_percpu *percpu, __u32 l2_length, __be16 type)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct p4ni_scratch *scratch = &percpu->scratch;
	struct p4ni_payload payload = {};

	scratch->l2_length = l2_length;
	scratch->type = type;
	scratch->stripped = 0;
	if (p4ni_read_datagram(p4ni_after_l2(data, l2_length), end, type, P4NI_PLAIN_REQUEST, scratch, &payload) !=
	    P4NI_FINE)
		return;
	if (scratch->key.protocol == IPPROTO_UDP) {
		if (p4ni_read_request_id(ctx, payload.rule, &payload, scratch) != P4NI_FINE)
			return;
	} else {
		if (p4ni_may_follow())
			p4ni_follow_acknowledgement(ctx, scratch);
		if (scratch->sequence == scratch->end)
			return;
	}
	scratch->hash = p4ni_hash(&scratch->key);
	if (__builtin_expect(p4ni_may_wait(scratch) || p4ni_is_shared(scratch->hash), 0))
		p4ni_discard(ctx, scratch);
}

#endif
