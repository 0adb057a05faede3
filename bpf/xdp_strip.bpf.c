// SPDX-License-Identifier: Apache-2.0
//
// XDP, on the server's interface: a request that brings telemetry is relieved of it, and the telemetry saved for the
// reply. Every frame is passed; one that is not understood whole is passed as it came.

#include "lib/counters.h"
#include "lib/ethernet.h"
#include "lib/request_store.h"
#include "lib/telemetry.h"

// Copies shim and records in whole blocks. The blocks beyond them are the inner packet's, which is checked before.
static __always_inline int p4ni_copy_telemetry(struct p4ni_slot *slot, void *shim, void *end, __u32 length)
{
	__u32 done;

	for (done = 0; done < P4NI_TELEMETRY_MAX; done += P4NI_COPY_BLOCK) {
		__u64 *to = (__u64 *)(slot->frame + done), *from = shim + done;

		if (done >= length)
			break;
		asm volatile("" : "+r"(from));
		if ((void *)from + P4NI_COPY_BLOCK > end)
			return 0;
		to[0] = from[0];
		to[1] = from[1];
		to[2] = from[2];
		to[3] = from[3];
	}
	return 1;
}

// All that is learnt from a frame before anything is done to it.
struct p4ni_request {
	struct p4ni_flow_key key;
	struct p4ni_l2 l2;
	struct p4ni_telemetry telemetry;
	__u32 reserved;
};

static __always_inline enum p4ni_reason p4ni_read_inner(void *shim, void *end, struct p4ni_request *request)
{
	__u32 stripped = request->telemetry.stripped;
	enum p4ni_reason reason;
	void *inner, *payload;

	asm volatile("" : "+r"(stripped));
	if (stripped > P4NI_FRAME_ROOM)
		return P4NI_XDP_COUNT;
	inner = shim + stripped;
	asm volatile("" : "+r"(inner));
	reason = p4ni_read_datagram(inner, end, request->telemetry.inner, &request->key, &payload);
	if (reason != P4NI_FINE)
		return reason;
	asm volatile("" : "+r"(payload));
	if (payload + P4NI_ID_SIZE > end)
		return P4NI_XDP_INNER_SHORT;
	request->key.request_id = *(__be32 *)payload;
	return P4NI_FINE;
}

// Checks the whole frame and fills `request`.
//
// Not static: the verifier then checks the function once, by itself, instead of all its ways times all of its caller's.
__noinline int p4ni_read_request(struct xdp_md *ctx, struct p4ni_request *request)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *shim;
	enum p4ni_reason reason;

	if (!request || !p4ni_read_l2(data, end, &request->l2))
		return P4NI_XDP_PLAIN;
	shim = p4ni_after_l2(data, &request->l2);
	reason = p4ni_read_telemetry(shim, end, &request->telemetry);
	return reason == P4NI_FINE ? p4ni_read_inner(shim, end, request) : reason;
}

// Moves the frame's start behind the telemetry and writes the Ethernet header there. Nothing of the frame is touched
// before the kernel has agreed.
static __always_inline int p4ni_strip(struct xdp_md *ctx, const struct p4ni_request *request)
{
	const struct p4ni_l2 *l2 = &request->l2;
	__be16 inner = request->telemetry.inner;
	void *data, *end;

	if (bpf_xdp_adjust_head(ctx, request->telemetry.stripped))
		return 0;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (__builtin_expect(l2->length == ETH_HLEN, 1)) {
		if (data + ETH_HLEN > end)
			return 0;
		__builtin_memcpy(data, l2->addresses, 2 * ETH_ALEN);
		*(__be16 *)(data + 12) = inner;
		return 1;
	}
	if (data + P4NI_L2_MAX > end)
		return 0;
	__builtin_memcpy(data, l2->addresses, 2 * ETH_ALEN);
	*(__u32 *)(data + 12) = l2->tags[0];
	if (l2->length == P4NI_L2_MAX) {
		*(__u32 *)(data + 16) = l2->tags[1];
		*(__be16 *)(data + 20) = inner;
	} else {
		*(__be16 *)(data + 16) = inner;
	}
	return 1;
}

static __always_inline int p4ni_fill(struct p4ni_slot *slot, struct xdp_md *ctx, const struct p4ni_request *request, __u64 now)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	slot->key = request->key;
	slot->arrival = now;
	slot->length = request->telemetry.kept;
	slot->count = request->telemetry.count;
	slot->reference = request->telemetry.reference;
	return p4ni_copy_telemetry(slot, p4ni_after_l2(data, &request->l2), end, request->telemetry.kept);
}

// Saves and strips. Without a slot the frame is still stripped: the request matters more than its telemetry.
static __always_inline enum p4ni_reason p4ni_keep(struct xdp_md *ctx, const struct p4ni_request *request)
{
	struct p4ni_place place = p4ni_place(&request->key);
	__u64 now = bpf_ktime_get_ns();
	struct p4ni_claim claim = {};
	struct p4ni_slot *slot;

	if (!p4ni_claim_room(&place, now, &claim))
		return p4ni_strip(ctx, request) ? P4NI_XDP_NOT_KEPT : P4NI_XDP_NOT_MOVED;
	if (claim.before != P4NI_PHASE_FREE)
		p4ni_count(P4NI_XDP_EVICTED);
	slot = p4ni_slot_of(&claim);
	if (!slot || !p4ni_fill(slot, ctx, request, now) || !p4ni_strip(ctx, request)) {
		p4ni_release(&claim, P4NI_PHASE_FREE);
		return P4NI_XDP_NOT_MOVED;
	}
	p4ni_release(&claim, p4ni_word(now, &place));
	return P4NI_XDP_SAVED;
}

// Most frames have no shim: they are recognized before anything else is prepared.
static __always_inline int p4ni_has_shim(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct p4ni_l2 l2 = {};

	return p4ni_read_l2(data, end, &l2) && l2.type == bpf_htons(P4NI_ETHERTYPE_SHIM);
}

SEC("xdp.frags")
int p4ni_xdp_strip(struct xdp_md *ctx)
{
	struct p4ni_request request = {};
	enum p4ni_reason reason;

	if (!p4ni_has_shim(ctx))
		return p4ni_finish(P4NI_XDP_PLAIN, XDP_PASS);
	reason = p4ni_read_request(ctx, &request);
	if (reason != P4NI_FINE)
		return p4ni_finish(reason, XDP_PASS);
	if (request.telemetry.stripped == request.telemetry.kept)
		return p4ni_finish(p4ni_keep(ctx, &request), XDP_PASS);
	return p4ni_finish(p4ni_strip(ctx, &request) ? P4NI_XDP_RETURNED : P4NI_XDP_NOT_MOVED, XDP_PASS);
}
