// SPDX-License-Identifier: Apache-2.0
//
// TC egress, on the server's interface: a reply whose request brought telemetry gets it back, with the host record
// behind it. The reply itself is never altered; where the telemetry has no room it stays saved.

#include "lib/counters.h"
#include "lib/ethernet.h"
#include "lib/request_store.h"
#include "lib/telemetry.h"

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

// Completes the saved bytes in place: forward count, flag and chain, then the host record behind the last record.
static __always_inline void p4ni_complete(struct p4ni_slot *slot, __u32 length, __be16 type, __u64 ordinal, __u64 now)
{
	struct p4ni_host_record *record = (void *)(slot->frame + length);
	struct p4ni_shim *shim = (void *)slot->frame;

	if (!slot->reference) {
		shim->flags |= P4NI_FLAG_HOST_RECORD;
		shim->forward = shim->count;
	}
	*(__be16 *)((void *)record - P4NI_NEXT_PROTO_SIZE) = bpf_htons(P4NI_ETHERTYPE_HOST);
	record->tx_reqs = bpf_cpu_to_be64(ordinal);
	record->time_reqs = bpf_cpu_to_be64(now - slot->arrival);
	record->next_proto = type;
}

static __always_inline __u64 p4ni_next_ordinal(void)
{
	__u32 zero = 0;
	struct p4ni_totals *totals = bpf_map_lookup_elem(&p4ni_total, &zero);

	return totals ? __sync_fetch_and_add(&totals->answered, 1) + 1 : 0;
}

// Makes room and puts everything back in one store. The claim is released here, whatever happens.
static __always_inline enum p4ni_reason
p4ni_restore(struct __sk_buff *skb, const struct p4ni_claim *claim, const struct p4ni_l2 *l2, __u64 now)
{
	struct p4ni_slot *slot = p4ni_slot_of(claim);
	enum p4ni_reason reason = P4NI_TC_RESTORED;
	__u32 length, added, mtu = 0, lead, total;

	if (!slot)
		return P4NI_TC_UNMATCHED;
	length = slot->length;
	asm volatile("" : "+r"(length));
	if (length < P4NI_SHIM_SIZE || length > P4NI_TELEMETRY_MAX) {
		p4ni_release(claim, P4NI_PHASE_FREE);
		return P4NI_TC_NO_ROOM;
	}
	added = length + sizeof(struct p4ni_host_record);
	if (skb->gso_size || skb->gso_segs > 1)
		reason = P4NI_TC_GSO;
	else if (bpf_check_mtu(skb, 0, &mtu, added, 0))
		reason = P4NI_TC_MTU;
	else if (bpf_skb_change_head(skb, added, 0))
		reason = P4NI_TC_NO_ROOM;
	if (reason != P4NI_TC_RESTORED) {
		p4ni_release(claim, claim->before);
		return reason;
	}
	p4ni_complete(slot, length, l2->type, p4ni_next_ordinal(), now);
	p4ni_write_l2(slot->l2 + P4NI_L2_ROOM - P4NI_L2_MAX, l2, bpf_htons(P4NI_ETHERTYPE_SHIM));
	lead = l2->length & 31;
	total = lead + added;
	asm volatile("" : "+r"(lead), "+r"(total));
	if (lead <= P4NI_L2_ROOM && total >= ETH_HLEN && total <= P4NI_L2_MAX + P4NI_TELEMETRY_MAX + 18 &&
	    bpf_skb_store_bytes(skb, 0, slot->l2 + P4NI_L2_ROOM - lead, total, 0))
		reason = P4NI_TC_NOT_STORED;
	p4ni_release(claim, P4NI_PHASE_FREE);
	return reason;
}

SEC("tc")
int p4ni_tc_restore(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct p4ni_flow_key key = {};
	struct p4ni_claim claim = {};
	struct p4ni_place place;
	struct p4ni_l2 l2 = {};
	void *payload;

	if (!p4ni_read_l2(data, end, &l2) ||
	    p4ni_read_datagram(p4ni_after_l2(data, &l2), end, l2.type, &key, &payload) != P4NI_FINE ||
	    !p4ni_read_id(skb, data, end, payload, &key.request_id))
		return p4ni_finish(P4NI_TC_OTHER, P4NI_TC_NEXT);
	p4ni_reverse(&key);
	place = p4ni_place(&key);
	if (!p4ni_claim_saved(&place, &key, &claim))
		return p4ni_finish(P4NI_TC_UNMATCHED, P4NI_TC_NEXT);
	return p4ni_finish(p4ni_restore(skb, &claim, &l2, bpf_ktime_get_ns()), P4NI_TC_NEXT);
}
