// SPDX-License-Identifier: Apache-2.0
//
// TC egress, on the server's interface: a reply whose request brought telemetry gets it back, with the host record
// behind it. The reply itself is never altered; where the telemetry has no room it stays saved.

#include "lib/counters.h"
#include "lib/ethernet.h"
#include "lib/host_record.h"
#include "lib/request_store.h"

// TCX_NEXT and TC_ACT_UNSPEC alike: go on with the next program or filter.
#define P4NI_TC_NEXT (-1)

// The request id may lie outside the linear part (zero-copy sends); ports and addresses never do.
static __always_inline int p4ni_read_id(struct __sk_buff *skb, void *data, void *end, void *payload, __be32 *id)
{
	asm volatile("" : "+r"(payload));
	if (payload + P4NI_ID_SIZE <= end) {
		*id = *(__be32 *)payload;
		return 1;
	}
	return bpf_skb_load_bytes(skb, payload - data, id, sizeof(*id)) == 0;
}

static __always_inline __u64 p4ni_next_ordinal(void)
{
	struct p4ni_totals *totals = p4ni_totals();

	return totals ? __sync_fetch_and_add(&totals->answered, 1) + 1 : 0;
}

// Whether the reply can take `added` bytes more, and if it can, makes room for them.
static __always_inline enum p4ni_reason p4ni_make_room(struct __sk_buff *skb, __u32 added)
{
	__u32 mtu = 0;

	if (skb->gso_size || skb->gso_segs > 1)
		return P4NI_TC_GSO;
	if (bpf_check_mtu(skb, 0, &mtu, added, 0))
		return P4NI_TC_MTU;
	return bpf_skb_change_head(skb, added, 0) ? P4NI_TC_NO_ROOM : P4NI_TC_RESTORED;
}

// Writes the reply's Ethernet header in front of the telemetry in the slot, and all of it to the frame.
static __always_inline int
p4ni_store(struct __sk_buff *skb, struct p4ni_slot *slot, struct p4ni_work *work, __u32 added)
{
	__u32 lead = work->l2_length, total;

	asm volatile("" : "+r"(lead));
	if (__builtin_expect(lead == ETH_HLEN, 1)) {
		p4ni_write_plain_l2(slot->l2 + P4NI_L2_ROOM - ETH_HLEN, work, bpf_htons(P4NI_ETHERTYPE_SHIM));
		return !bpf_skb_store_bytes(skb, 0, slot->l2 + P4NI_L2_ROOM - ETH_HLEN, ETH_HLEN + added, 0);
	}
	if (lead == P4NI_L2_MAX) {
		p4ni_write_tagged_l2(slot->l2 + P4NI_L2_ROOM - P4NI_L2_MAX, work, bpf_htons(P4NI_ETHERTYPE_SHIM));
		return !bpf_skb_store_bytes(skb, 0, slot->l2 + P4NI_L2_ROOM - P4NI_L2_MAX, P4NI_L2_MAX + added, 0);
	}
	total = ETH_HLEN + P4NI_TAG_SIZE;
	p4ni_write_tagged_l2(slot->l2 + P4NI_L2_ROOM - total, work, bpf_htons(P4NI_ETHERTYPE_SHIM));
	return !bpf_skb_store_bytes(skb, 0, slot->l2 + P4NI_L2_ROOM - total, total + added, 0);
}

// Completes what is claimed and sends it with the reply.
static __always_inline enum p4ni_reason
p4ni_send_with(struct __sk_buff *skb, struct p4ni_slot *slot, __u32 length, struct p4ni_work *work, __u64 now)
{
	struct p4ni_departure departure = { .now = now, .type = work->type, .ordinal = p4ni_next_ordinal() };
	__u32 added = length + p4ni_host_record_size(slot);

	p4ni_complete(slot, length, &departure);
	asm volatile("" : "+r"(added));
	if (added > P4NI_FRAME_ROOM)
		return P4NI_TC_NOT_STORED;
	return p4ni_store(skb, slot, work, added) ? P4NI_TC_RESTORED : P4NI_TC_NOT_STORED;
}

// Puts everything back in one store. The claim is released here, whatever happens.
static __always_inline enum p4ni_reason p4ni_restore(struct __sk_buff *skb, struct p4ni_work *work)
{
	__u64 now = bpf_ktime_get_ns(), after = work->before;
	enum p4ni_reason reason = P4NI_TC_NO_ROOM;
	struct p4ni_slot *slot;
	__u32 length;

	slot = p4ni_slot_of(work->slot);
	if (!slot)
		return reason;
	length = slot->length;
	asm volatile("" : "+r"(length));
	if (length >= P4NI_SHIM_SIZE && length <= P4NI_TELEMETRY_MAX) {
		reason = p4ni_make_room(skb, length + p4ni_host_record_size(slot));
		if (reason == P4NI_TC_RESTORED) {
			after = P4NI_PHASE_FREE;
			reason = p4ni_send_with(skb, slot, length, work, now);
		}
	}
	p4ni_release(work->slot, after);
	return reason;
}

static __always_inline enum p4ni_reason p4ni_handle_reply(struct __sk_buff *skb, struct p4ni_work *work)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end, *inner, *payload;
	__be16 type = 0;
	__u32 length;

	length = p4ni_l2_length(data, end, &type);
	if (!length || (type != bpf_htons(ETH_P_IP) && type != bpf_htons(ETH_P_IPV6)))
		return P4NI_TC_OTHER;
	work->l2_length = length;
	work->type = type;
	length = work->l2_length;
	asm volatile("" : "+r"(length));
	inner = data + (length & 31);
	asm volatile("" : "+r"(inner));
	if (p4ni_read_datagram(inner, end, type, P4NI_REPLY, &work->key, &payload) != P4NI_FINE ||
	    !p4ni_read_id(skb, data, end, payload, &work->key.request_id))
		return P4NI_TC_OTHER;
	work->hash = p4ni_hash(&work->key);
	if (!p4ni_claim_saved(work))
		return P4NI_TC_UNMATCHED;
	data = (void *)(long)skb->data;
	end = (void *)(long)skb->data_end;
	if (!p4ni_keep_l2(data, end, work)) {
		p4ni_release(work->slot, work->before);
		return P4NI_TC_OTHER;
	}
	return p4ni_restore(skb, work);
}

SEC("tc")
int p4ni_tc_restore(struct __sk_buff *skb)
{
	struct p4ni_processor *processor = p4ni_this_processor();

	if (processor)
		p4ni_count(processor, p4ni_handle_reply(skb, &processor->work));
	return P4NI_TC_NEXT;
}
