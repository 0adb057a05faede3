// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TCP at TC egress: what the connection's socket knows of a reply that leaves. The slot is claimed.

#ifndef P4NI_STREAM_DEPARTURE_H
#define P4NI_STREAM_DEPARTURE_H

#include "stream_breakdown.h"

// Gives the request the send call that wrote the segment's first byte, and how many segments were sent again since it
// came. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_note_departure(struct __sk_buff *skb, const struct p4ni_scratch *scratch)
{
	struct p4ni_stages *stages;
	struct p4ni_stream *stream;
	struct p4ni_slot *slot;
	struct bpf_tcp_sock *tcp;
	struct bpf_sock *sk;
	__u64 before, sent;
	__u32 stamp;

	if (!scratch)
		return 0;
	stages = p4ni_stages_of(scratch->slot);
	slot = p4ni_slot_of(scratch->slot);
	sk = skb->sk;
	sk = sk ? bpf_sk_fullsock(sk) : 0;
	if (!stages || !slot || !sk)
		return 0;
	stamp = p4ni_stamp_of(scratch->before);
	tcp = bpf_tcp_sock(sk);
	before = p4ni_reading(stages, P4NI_STAGE_RETRANSMITS, stamp);
	if (tcp && before < P4NI_SPOILT)
		p4ni_note(stages, P4NI_STAGE_RETRANSMITTED, (tcp->total_retrans - (__u32)before) & 0xffff, stamp);
	stream = bpf_sk_storage_get(&p4ni_streams, sk, 0, 0);
	sent = stream ? p4ni_written_at(stream, scratch->sequence) : 0;
	if (sent)
		p4ni_note(stages, P4NI_STAGE_SENT, sent - slot->arrival, stamp);
	return 0;
}

#endif
