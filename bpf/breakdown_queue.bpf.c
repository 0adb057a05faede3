// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// A packet is about to enter its socket's receive queue (cgroup ingress, which all packets for sockets of the machine
// go through): the end of the kernel's part of a request's way in.

#include "lib/kernel_types.h"
#include "lib/packet_request.h"
#include "lib/stream_breakdown.h"

#define P4NI_ACCEPT 1

// TCP_LISTEN of <linux/tcp_states.h>: a connection that is not yet one of its own.
#define P4NI_TCP_LISTEN 10

static __always_inline int p4ni_is_ours(struct sock *sk)
{
	return sk && sk->__sk_common.skc_net.net->ns.inum == p4ni_config.namespace;
}

// Datagrams that wait already: those not yet looked at, and those the receiver has taken over in one go.
static __always_inline __u32 p4ni_datagrams_waiting(struct sock *sk)
{
	struct udp_sock *udp = bpf_rdonly_cast(sk, bpf_core_type_id_kernel(struct udp_sock));

	return sk->sk_receive_queue.qlen + udp->reader_queue.qlen;
}

// Enters the request under what its receiver will know it by. If another one is there under the same, the receiver
// cannot distinguish them.
static __always_inline void
p4ni_enter(const struct p4ni_request *request, struct p4ni_stages *stages, __u64 socket, __u64 payload)
{
	struct p4ni_identity identity = p4ni_identity(socket, payload);
	__u64 *entry = bpf_map_lookup_elem(&p4ni_queued, &identity.entry), before;

	if (!entry)
		return;
	p4ni_note(stages, P4NI_STAGE_IDENTITY, identity.check, request->stamp);
	before = p4ni_put_queued(entry, (__u64)request->slot << 32 | request->stamp);
	if (!p4ni_is_queued(before, identity.check))
		return;
	p4ni_spoil(before >> 32, before);
	p4ni_spoil(request->slot, request->stamp);
}

// A datagram that brought no telemetry, but looks to its receiver like one that did.
static __always_inline void p4ni_doubt(__u64 socket, __u64 payload)
{
	struct p4ni_identity identity = p4ni_identity(socket, payload);
	__u64 *entry = bpf_map_lookup_elem(&p4ni_queued, &identity.entry), seen;

	if (!entry)
		return;
	seen = *(volatile __u64 *)entry;
	if (p4ni_is_queued(seen, identity.check))
		p4ni_spoil(seen >> 32, seen);
}

// The payload's first 8 bytes, or 4 if there are fewer. 0 if there are fewer than that.
static __always_inline int p4ni_load_payload(struct __sk_buff *skb, __u32 at, __u32 length, __u64 *payload)
{
	__u32 first;

	if (length >= sizeof(*payload))
		return bpf_skb_load_bytes(skb, at, payload, sizeof(*payload)) == 0;
	if (length < sizeof(first) || bpf_skb_load_bytes(skb, at, &first, sizeof(first)))
		return 0;
	*payload = first;
	return 1;
}

static __always_inline void p4ni_note_datagram(struct __sk_buff *skb, struct sock *sk, __u64 now)
{
	struct p4ni_payload at = {};
	struct p4ni_scratch scratch = {};
	struct p4ni_request request = {};
	struct p4ni_stages *stages;
	__u64 payload, socket;
	__u32 start;
	int has_telemetry, known;

	if (!p4ni_read_packet(skb, P4NI_REQUEST, &scratch, &at))
		return;
	start = at.at - (void *)(long)skb->data;
	has_telemetry =
		p4ni_read_packet_id(skb, start, at.length, &scratch.key) && p4ni_find_request(&scratch.key, &request);
	if (!has_telemetry && !p4ni_is_any_queued())
		return;
	known = p4ni_load_payload(skb, start, at.length, &payload);
	socket = bpf_get_socket_cookie(skb);
	if (!has_telemetry) {
		if (known)
			p4ni_doubt(socket, payload);
		return;
	}
	stages = p4ni_stages_of(request.slot);
	if (!stages)
		return;
	p4ni_note(stages, P4NI_STAGE_DEPTH, p4ni_datagrams_waiting(sk), request.stamp);
	if (!p4ni_note_once(stages, P4NI_STAGE_QUEUED, now - request.arrival, request.stamp))
		p4ni_spoil(request.slot, request.stamp);
	else if (known)
		p4ni_enter(&request, stages, socket, payload);
}

// Enters a request into its connection's socket, for the receive call that will take its last byte.
static __always_inline void
p4ni_enter_stream(struct p4ni_stream *stream, struct tcp_sock *tcp, const struct p4ni_request *request, __u64 now)
{
	struct p4ni_stages *stages = p4ni_stages_of(request->slot);
	__u32 at;

	if (!stages)
		return;
	if (!p4ni_note_once(stages, P4NI_STAGE_QUEUED, now - request->arrival, request->stamp)) {
		p4ni_spoil(request->slot, request->stamp);
		return;
	}
	p4ni_note(stages, P4NI_STAGE_DEPTH, tcp->rcv_nxt - tcp->copied_seq, request->stamp);
	p4ni_note(stages, P4NI_STAGE_RETRANSMITS, tcp->total_retrans, request->stamp);
	at = __sync_fetch_and_add(&stream->next_request, 1) % P4NI_STREAM_REQUESTS;
	*(volatile __u64 *)&stream->requests[at] = (__u64)request->slot << 32 | request->stamp;
}

// Enters all requests of one set that lie in the packet: several segments may have been joined to one.
static __always_inline void p4ni_enter_set(__u32 in, const struct p4ni_scratch *scratch, struct p4ni_stream *stream,
					   struct tcp_sock *tcp, __u64 now)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	struct p4ni_claim seen = {};
	struct p4ni_request request;
	struct p4ni_slot *slot;
	__u32 way;

	for (way = 0; set && way < P4NI_WAYS; way++) {
		slot = p4ni_probe_way(set, in, way, p4ni_probe(scratch->hash), &scratch->key, &seen);
		if (!slot || p4ni_before(slot->start, scratch->sequence) || p4ni_before(scratch->end, slot->end))
			continue;
		request.arrival = slot->arrival;
		request.slot = seen.number;
		request.stamp = p4ni_stamp_of(seen.before);
		p4ni_enter_stream(stream, tcp, &request, now);
	}
}

// The socket's record, made when the first request comes.
static __always_inline struct p4ni_stream *p4ni_stream_of(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	sk = sk ? bpf_sk_fullsock(sk) : 0;
	return sk ? bpf_sk_storage_get(&p4ni_streams, sk, 0, BPF_SK_STORAGE_GET_F_CREATE) : 0;
}

static __always_inline void p4ni_note_segment(struct __sk_buff *skb, struct sock *sk, __u64 now)
{
	struct tcp_sock *tcp = bpf_rdonly_cast(sk, bpf_core_type_id_kernel(struct tcp_sock));
	struct p4ni_totals *totals = p4ni_totals();
	struct p4ni_payload at = {};
	struct p4ni_scratch scratch = {};
	struct p4ni_stream *stream;
	struct p4ni_place place;

	if (!p4ni_read_packet(skb, P4NI_REQUEST, &scratch, &at) || scratch.sequence == scratch.end)
		return;
	scratch.hash = p4ni_hash(&scratch.key);
	if (!p4ni_may_wait(&scratch))
		return;
	stream = p4ni_stream_of(skb);
	if (!stream)
		return;
	place = p4ni_place(scratch.hash);
	p4ni_enter_set(place.sets[0], &scratch, stream, tcp, now);
	if (!totals || !totals->overflow)
		return;
	p4ni_enter_set(place.sets[1], &scratch, stream, tcp, now);
	if (place.sets[2] != place.sets[1])
		p4ni_enter_set(place.sets[2], &scratch, stream, tcp, now);
}

SEC("cgroup_skb/ingress")
int p4ni_queue(struct __sk_buff *skb)
{
	struct sk_buff *kernel = bpf_cast_to_kern_ctx(skb);
	struct sock *sk = kernel->sk;

	if (!p4ni_is_ours(sk))
		return P4NI_ACCEPT;
	if (sk->sk_protocol == IPPROTO_UDP)
		p4ni_note_datagram(skb, sk, bpf_ktime_get_ns());
	else if (sk->sk_protocol == IPPROTO_TCP && sk->__sk_common.skc_state != P4NI_TCP_LISTEN)
		p4ni_note_segment(skb, sk, bpf_ktime_get_ns());
	return P4NI_ACCEPT;
}
