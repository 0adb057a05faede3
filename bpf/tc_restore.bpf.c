// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TC egress, on the server's interface: the reply to a request with telemetry gets that telemetry back, followed by the
// host record. The reply itself is never altered; where the telemetry has no room it stays saved.

#include "lib/contest.h"
#include "lib/counters.h"
#include "lib/ethernet.h"
#include "lib/frame_room.h"
#include "lib/host_record.h"
#include "lib/identity.h"
#include "lib/progress_sending.h"
#include "lib/request_id.h"
#include "lib/store_matching.h"
#include "lib/stream_reply.h"

// TCX_NEXT and TC_ACT_UNSPEC alike: go on with the next program or filter.
#define P4NI_TC_NEXT (-1)

// Reads the request id of a UDP payload into the key. It may lie outside the linear part (zero-copy sends); ports and
// addresses never do.
static __always_inline enum p4ni_reason
p4ni_read_reply_id(struct __sk_buff *skb, const struct p4ni_payload *payload, struct p4ni_scratch *scratch)
{
	struct p4ni_rule rule = payload->rule;
	void *at = payload->at, *end = (void *)(long)skb->data_end;

	scratch->in_order = rule.kind == P4NI_RULE_NONE;
	if (__builtin_expect(rule.kind == P4NI_RULE_DEFAULT, 1)) {
		if (payload->length < P4NI_DEFAULT_ID_WIDTH)
			return P4NI_TC_OTHER;
		asm volatile("" : "+r"(at));
		if (at + P4NI_DEFAULT_ID_WIDTH <= end) {
			scratch->key.request_id = *(__u32 *)at;
			return P4NI_FINE;
		}
		rule.offset = 0;
		rule.width = P4NI_DEFAULT_ID_WIDTH;
	}
	if (p4ni_check_rule(rule, payload->length) != P4NI_FINE)
		return P4NI_TC_OTHER;
	if (rule.kind == P4NI_RULE_NONE ||
	    p4ni_load_id(bpf_skb_load_bytes, skb, at - (void *)(long)skb->data, rule, &scratch->key.request_id))
		return P4NI_FINE;
	return P4NI_TC_OTHER;
}

static __always_inline __u64 p4ni_next_ordinal(void)
{
	struct p4ni_totals *totals = p4ni_totals();

	return totals ? __sync_fetch_and_add(&totals->answered, 1) + 1 : 0;
}

// Whether the reply can take `added` bytes more, and if it can, makes room for them.
static __always_inline enum p4ni_reason p4ni_make_room(struct __sk_buff *skb, __u32 added)
{
	if (skb->gso_size || skb->gso_segs > 1)
		return P4NI_TC_SEGMENTED;
	if (!p4ni_fits(skb, added))
		return P4NI_TC_MTU;
	return bpf_skb_change_head(skb, added, 0) ? P4NI_TC_NO_ROOM : P4NI_TC_RESTORED;
}

// Completes what is claimed and sends it with the reply.
static __always_inline enum p4ni_reason p4ni_send_with(struct __sk_buff *skb, struct p4ni_slot *slot, __u32 length,
						       struct p4ni_scratch *scratch, __u64 left, __u64 late)
{
	struct p4ni_departure departure = {
		.now = left,
		.late = late,
		.type = scratch->type,
		.ordinal = p4ni_next_ordinal(),
		.slot = scratch->slot,
		.word = scratch->before,
	};
	__u32 added = length + p4ni_host_record_size(slot);

	p4ni_complete(slot, length, &departure);
	asm volatile("" : "+r"(added));
	if (added > P4NI_FRAME_ROOM)
		return P4NI_TC_NOT_STORED;
	if (!p4ni_store_after_l2(skb, slot->l2 + P4NI_L2_ROOM, scratch, added))
		return P4NI_TC_NOT_STORED;
	if (__builtin_expect(p4ni_look_bytes(left), 0))
		p4ni_report_answer(slot, length, added - length, departure.ordinal);
	if (__builtin_expect(p4ni_may_follow(), 0) && slot->key.protocol == IPPROTO_TCP)
		p4ni_note_ordinal(slot, departure.ordinal, late);
	return P4NI_TC_RESTORED;
}

// What becomes of the claim when the reply goes out plain: its state word afterwards. Telemetry waits for the next
// frame of the same request, and with it the time at which the reply left. Without a request id the next frame answers
// another request, so what waits is dropped, and so it is when it has waited too long.
static __always_inline __u64 p4ni_keep_waiting(struct p4ni_scratch *scratch, struct p4ni_slot *slot,
					       enum p4ni_reason reason, __u64 now)
{
	if (!slot->departed || scratch->answers)
		p4ni_report_plain(slot, reason, now);
	if (scratch->in_order)
		return P4NI_PHASE_FREE;
	if (!slot->departed)
		slot->departed = now;
	return scratch->before;
}

// Puts everything back in one store. The claim is released here, whatever happens.
static __always_inline enum p4ni_reason p4ni_restore(struct __sk_buff *skb, struct p4ni_percpu *percpu)
{
	struct p4ni_scratch *scratch = &percpu->scratch;
	__u64 now = bpf_ktime_get_ns(), after = P4NI_PHASE_FREE, left;
	enum p4ni_reason reason = P4NI_TC_UNMATCHED;
	struct p4ni_slot *slot;
	__u32 length;

	slot = p4ni_slot_of(scratch->slot);
	if (!slot)
		return P4NI_TC_NO_ROOM;
	length = slot->length;
	left = slot->departed ? slot->departed : now;
	asm volatile("" : "+r"(length));
	if (__builtin_expect(now - left > P4NI_CARRY_WITHIN && now > left, 0)) {
		p4ni_count(percpu, P4NI_TC_EXPIRED);
	} else if (length >= P4NI_SHIM_SIZE && length <= P4NI_TELEMETRY_MAX) {
		reason = p4ni_make_room(skb, length + p4ni_host_record_size(slot));
		if (reason == P4NI_TC_RESTORED)
			reason = p4ni_send_with(skb, slot, length, scratch, left,
						scratch->answers || now < left ? 0 : now - left);
		else
			after = p4ni_keep_waiting(scratch, slot, reason, now);
	}
	p4ni_release(scratch->slot, after);
	return reason;
}

// Whose reply the frame is: P4NI_FINE, and the claimed slot is in `scratch`.
static __always_inline enum p4ni_reason
p4ni_match(struct __sk_buff *skb, const struct p4ni_payload *payload, struct p4ni_scratch *scratch)
{
	enum p4ni_reason reason;

	scratch->answers = 0;
	if (__builtin_expect(scratch->key.protocol == IPPROTO_UDP, 1)) {
		reason = p4ni_read_reply_id(skb, payload, scratch);
		if (reason != P4NI_FINE)
			return reason;
		scratch->hash = p4ni_hash(&scratch->key);
		if (p4ni_claim_saved(scratch))
			return P4NI_FINE;
		if (p4ni_is_contested(scratch->hash))
			p4ni_contest(scratch->hash, -1, 0);
		return P4NI_TC_UNMATCHED;
	}
	scratch->in_order = 0;
	if (scratch->sequence == scratch->end && !(scratch->tcp_flags & (P4NI_TCP_SYN | P4NI_TCP_RST | P4NI_TCP_FIN)))
		return P4NI_TC_OTHER;
	scratch->hash = p4ni_hash(&scratch->key);
	reason = p4ni_may_wait(scratch) ? p4ni_match_segment(skb, scratch) : P4NI_TC_UNMATCHED;
	if (__builtin_expect(p4ni_may_follow(), 0))
		p4ni_follow_segment(skb, scratch);
	return reason;
}

static __always_inline enum p4ni_reason p4ni_handle_reply(struct __sk_buff *skb, struct p4ni_percpu *percpu)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end, *inner;
	struct p4ni_scratch *scratch = &percpu->scratch;
	struct p4ni_payload payload = {};
	enum p4ni_reason reason;
	__be16 type = 0;
	__u32 length = p4ni_l2_length(data, end, &type);

	if (!length || (type != bpf_htons(ETH_P_IP) && type != bpf_htons(ETH_P_IPV6)))
		return P4NI_TC_OTHER;
	scratch->l2_length = length;
	scratch->type = type;
	inner = p4ni_after_l2(data, scratch->l2_length);
	reason = p4ni_read_datagram(inner, end, type, P4NI_REPLY, scratch, &payload);
	if (reason != P4NI_FINE)
		return reason == P4NI_TC_UNMATCHED ? reason : P4NI_TC_OTHER;
	reason = p4ni_match(skb, &payload, scratch);
	if (__builtin_expect(reason != P4NI_FINE, 1))
		return reason;
	data = (void *)(long)skb->data;
	end = (void *)(long)skb->data_end;
	if (!p4ni_keep_l2(data, end, scratch)) {
		p4ni_release(scratch->slot, scratch->before);
		return P4NI_TC_OTHER;
	}
	return p4ni_restore(skb, percpu);
}

SEC("tc")
int p4ni_tc_restore(struct __sk_buff *skb)
{
	struct p4ni_percpu *percpu = p4ni_this_cpu();

	if (percpu)
		p4ni_count(percpu, p4ni_handle_reply(skb, percpu));
	return P4NI_TC_NEXT;
}
