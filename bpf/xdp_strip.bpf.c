// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// XDP, on the server's interface: strips telemetry from requests and saves it for the reply. Every frame is passed; a
// frame that cannot be parsed completely is passed unchanged.

#include "lib/arrivals.h"
#include "lib/counters.h"
#include "lib/ethernet.h"
#include "lib/identity.h"
#include "lib/intact.h"
#include "lib/plain_request.h"
#include "lib/request_id.h"
#include "lib/store_saving.h"
#include "lib/stream_request.h"
#include "lib/telemetry.h"
#include "lib/trust.h"

static __always_inline void p4ni_copy_block(__u64 *to, const __u64 *from)
{
	to[0] = from[0];
	to[1] = from[1];
	to[2] = from[2];
	to[3] = from[3];
}

// Copies shim and records: four blocks at once as long as there are four, then block by block. The last block takes
// some of the inner packet, which is checked before. If that is shorter than a block, fewer than four bytes are left to
// copy.
static __always_inline int p4ni_copy_telemetry(struct p4ni_slot *slot, void *shim, void *end, __u32 length)
{
	__u32 done, i;

#pragma clang loop unroll(disable)
	for (done = 0; done < P4NI_TELEMETRY_MAX - 4 * P4NI_COPY_BLOCK; done += 4 * P4NI_COPY_BLOCK) {
		__u64 *to = (__u64 *)(slot->frame + done), *from = shim + done;

		if (done + 4 * P4NI_COPY_BLOCK > length)
			break;
		asm volatile("" : "+r"(from), "+r"(to));
		if ((void *)from + 4 * P4NI_COPY_BLOCK > end)
			return 0;
		p4ni_copy_block(to, from);
		p4ni_copy_block(to + 4, from + 4);
		p4ni_copy_block(to + 8, from + 8);
		p4ni_copy_block(to + 12, from + 12);
	}
#pragma clang loop unroll(disable)
	for (i = 0; i < 4; i++, done += P4NI_COPY_BLOCK) {
		__u64 *to = (__u64 *)(slot->frame + done), *from = shim + done;

		if (done >= length || done >= P4NI_TELEMETRY_MAX)
			break;
		asm volatile("" : "+r"(from), "+r"(to));
		if (__builtin_expect((void *)from + P4NI_COPY_BLOCK > end, 0)) {
			if ((void *)(from + 1) > end)
				return 0;
			to[0] = from[0];
			return 1;
		}
		p4ni_copy_block(to, from);
	}
	return 1;
}

static __always_inline enum p4ni_reason p4ni_check_segment(const struct p4ni_scratch *scratch)
{
	if (scratch->sequence == scratch->end || scratch->tcp_flags & (P4NI_TCP_SYN | P4NI_TCP_RST) ||
	    !(scratch->tcp_flags & P4NI_TCP_ACK))
		return P4NI_XDP_NO_REQUEST;
	return p4ni_use_rule(&scratch->key).kind == P4NI_RULE_OFF ? P4NI_XDP_RULED_OUT : P4NI_FINE;
}

static __always_inline enum p4ni_reason
p4ni_read_inner(struct xdp_md *ctx, void *shim, void *end, struct p4ni_scratch *scratch, struct p4ni_payload *payload)
{
	__u32 stripped = scratch->stripped;
	enum p4ni_reason reason;
	void *inner;

	asm volatile("" : "+r"(stripped));
	if (stripped > P4NI_FRAME_ROOM)
		return P4NI_XDP_COUNT;
	inner = shim + stripped;
	asm volatile("" : "+r"(inner));
	reason = p4ni_read_datagram(inner, end, scratch->type, P4NI_REQUEST, scratch, payload);
	if (reason != P4NI_FINE)
		return reason;
	if (__builtin_expect(scratch->key.protocol == IPPROTO_UDP, 1))
		return p4ni_read_request_id(ctx, p4ni_use_rule(&scratch->key), payload, scratch);
	return p4ni_check_segment(scratch);
}

// Whether a frame goes on without its telemetry although that is not kept: what follows is a packet that somebody may
// wait for, and the telemetry in front of it is in order.
static __always_inline int p4ni_is_stripped_only(enum p4ni_reason reason)
{
	return reason == P4NI_XDP_PROTOCOL || reason == P4NI_XDP_NO_ID || reason == P4NI_XDP_NO_REQUEST ||
	       reason == P4NI_XDP_RULED_OUT;
}

// Moves the frame's start to the end of the telemetry and writes the Ethernet header there. Nothing of the frame is
// touched before the kernel has agreed.
static __always_inline int p4ni_strip(struct xdp_md *ctx, struct p4ni_scratch *scratch)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (!p4ni_keep_l2(data, end, scratch) || bpf_xdp_adjust_head(ctx, scratch->stripped))
		return 0;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (__builtin_expect(scratch->l2_length == ETH_HLEN, 1)) {
		if (data + ETH_HLEN > end)
			return 0;
		p4ni_write_plain_l2(data, scratch, scratch->type);
		return 1;
	}
	if (data + P4NI_L2_MAX > end)
		return 0;
	p4ni_write_tagged_l2(data, scratch, scratch->type);
	return 1;
}

static __always_inline int
p4ni_fill(struct p4ni_slot *slot, struct xdp_md *ctx, const struct p4ni_scratch *scratch, __u64 now)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	slot->key = scratch->key;
	slot->arrival = now;
	slot->departed = 0;
	if (scratch->key.protocol == IPPROTO_TCP) {
		slot->start = scratch->sequence;
		slot->end = scratch->end;
		slot->acked = scratch->acknowledged;
		slot->written = scratch->written;
		slot->pushed = !!(scratch->tcp_flags & P4NI_TCP_PSH);
	}
	slot->cpu = bpf_get_smp_processor_id();
	slot->length = scratch->kept;
	slot->count = scratch->count;
	slot->form = scratch->form;
	return p4ni_copy_telemetry(slot, p4ni_after_l2(data, scratch->l2_length), end, scratch->kept);
}

// Whether the request's telemetry may be kept.
static __always_inline enum p4ni_reason p4ni_admit(struct xdp_md *ctx, struct p4ni_scratch *scratch)
{
	if (__builtin_expect(scratch->key.protocol == IPPROTO_TCP, 0))
		return p4ni_admit_segment(ctx, scratch);
	return p4ni_enter_contest(scratch->hash) ? P4NI_FINE : P4NI_XDP_CONTESTED;
}

// Takes back what was just saved if a plain request with the same key came at the same time, on another processor. That has
// either seen it or been seen.
static __always_inline int p4ni_is_retracted(const struct p4ni_scratch *scratch, __u64 *state, __u64 word)
{
	if (scratch->key.protocol == IPPROTO_TCP || !p4ni_is_contested(scratch->hash))
		return 0;
	if (__sync_val_compare_and_swap(state, word, P4NI_PHASE_FREE) != word)
		return 0;
	p4ni_contest(scratch->hash, 1, 0);
	return 1;
}

// Saves and strips. Without a slot the frame is still stripped: the request matters more than its telemetry.
static __always_inline enum p4ni_reason p4ni_keep(struct xdp_md *ctx, struct p4ni_percpu *percpu)
{
	struct p4ni_scratch *scratch = &percpu->scratch;
	__u64 now = bpf_ktime_get_ns();
	enum p4ni_reason reason;
	struct p4ni_slot *slot;
	__u64 *state;
	__u32 look;

	scratch->hash = p4ni_hash(&scratch->key);
	reason = p4ni_admit(ctx, scratch);
	if (__builtin_expect(reason != P4NI_FINE, 0))
		return p4ni_strip(ctx, scratch) ? reason : P4NI_XDP_NOT_MOVED;
	state = p4ni_claim_room(scratch, now);
	if (!state)
		return p4ni_strip(ctx, scratch) ? P4NI_XDP_NOT_KEPT : P4NI_XDP_NOT_MOVED;
	slot = p4ni_slot_of(scratch->slot);
	if (scratch->before != P4NI_PHASE_FREE) {
		p4ni_count(percpu, P4NI_XDP_EVICTED);
		p4ni_report_dropped(slot, P4NI_XDP_EVICTED);
	}
	if (!slot || !p4ni_fill(slot, ctx, scratch, now) || !p4ni_strip(ctx, scratch)) {
		__sync_lock_test_and_set(state, P4NI_PHASE_FREE);
		return P4NI_XDP_NOT_MOVED;
	}
	if (scratch->form & P4NI_FORM_SOURCE)
		p4ni_write_arrival(slot, scratch);
	__sync_lock_test_and_set(state, p4ni_word(now, scratch->hash));
	if (p4ni_is_retracted(scratch, state, p4ni_word(now, scratch->hash)))
		return P4NI_XDP_CONTESTED;
	look = p4ni_look_bytes(now);
	if (__builtin_expect(look, 0))
		p4ni_report_request(ctx, scratch, now, look);
	__sync_lock_test_and_set(state, p4ni_word(now, scratch->hash));
	return P4NI_XDP_SAVED;
}

static __always_inline enum p4ni_reason p4ni_handle(struct xdp_md *ctx, struct p4ni_percpu *percpu, __u32 l2_length)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *shim;
	struct p4ni_scratch *scratch = &percpu->scratch;
	struct p4ni_payload payload = {};
	enum p4ni_reason reason;

	scratch->l2_length = l2_length;
	shim = p4ni_after_l2(data, scratch->l2_length);
	reason = p4ni_read_telemetry(shim, end, scratch);
	if (reason != P4NI_FINE)
		return reason;
	reason = p4ni_read_inner(ctx, shim, end, scratch, &payload);
	if (reason != P4NI_FINE && !p4ni_is_stripped_only(reason))
		return reason;
	if (__builtin_expect(p4ni_may_follow(), 0) && (reason == P4NI_FINE || reason == P4NI_XDP_NO_REQUEST) &&
	    scratch->key.protocol == IPPROTO_TCP)
		p4ni_follow_acknowledgement(ctx, scratch);
	if (__builtin_expect(scratch->stripped != scratch->kept, 0))
		reason = P4NI_XDP_RETURNED;
	if (reason == P4NI_FINE && !p4ni_is_believed(scratch))
		reason = P4NI_XDP_UNTRUSTED;
	if (reason == P4NI_FINE &&
	    !p4ni_is_intact(ctx, scratch, payload.transport - data, payload.room, payload.covered))
		reason = P4NI_XDP_DAMAGED;
	if (reason == P4NI_FINE && scratch->form & P4NI_FORM_SOURCE)
		p4ni_note_arrival(shim, end, scratch);
	if (__builtin_expect(reason == P4NI_FINE, 1))
		return p4ni_keep(ctx, percpu);
	return p4ni_strip(ctx, scratch) ? reason : P4NI_XDP_NOT_MOVED;
}

SEC("xdp.frags")
int p4ni_xdp_strip(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct p4ni_percpu *percpu = p4ni_this_cpu();
	enum p4ni_reason reason = P4NI_XDP_PLAIN;
	__be16 type = 0;
	__u32 length;

	if (!percpu)
		return XDP_PASS;
	length = p4ni_l2_length(data, end, &type);
	if (length && type == bpf_htons(P4NI_ETHERTYPE_SHIM))
		reason = p4ni_handle(ctx, percpu, length);
	else if (length)
		p4ni_look_at_plain(ctx, percpu, length, type);
	p4ni_count(percpu, reason);
	return XDP_PASS;
}
