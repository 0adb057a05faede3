// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Whether a stack takes a packet: its lengths and checksums are right. Telemetry of one that it drops would go out with
// the reply to another request.

#ifndef P4NI_INTACT_H
#define P4NI_INTACT_H

#include "counters.h"
#include "datagram.h"

// What is summed here at a time, and what is copied and summed by calls of the kernel. A packet of usual size needs none.
#define P4NI_SUM_BLOCK 32
#define P4NI_SUM_BLOCKS 47
#define P4NI_SUM_PIECE 512
// Pieces of the longest packet: 64 KiB.
#define P4NI_SUM_PIECES 128

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8[P4NI_SUM_PIECE]);
} p4ni_piece SEC(".maps");

// The one's-complement sum of 16-bit words, gathered in words of 32 bits.
static __always_inline __u32 p4ni_fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

// In two chains of additions, which do not wait for each other.
static __always_inline __u64 p4ni_sum_block(const __u32 *word)
{
	return ((__u64)word[0] + word[1] + word[2] + word[3]) + ((__u64)word[4] + word[5] + word[6] + word[7]);
}

// Adds fewer bytes than a block. 0 if the frame's first buffer ends before.
static __always_inline int p4ni_sum_tail(void *at, void *end, __u32 length, __u64 *sum)
{
	if (length & 16) {
		__u32 *word = at;

		asm volatile("" : "+r"(word));
		if ((void *)(word + 4) > end)
			return 0;
		*sum += ((__u64)word[0] + word[1]) + ((__u64)word[2] + word[3]);
		at = word + 4;
	}
	if (length & 8) {
		__u32 *word = at;

		asm volatile("" : "+r"(word));
		if ((void *)(word + 2) > end)
			return 0;
		*sum += (__u64)word[0] + word[1];
		at = word + 2;
	}
	if (length & 4) {
		__u32 *word = at;

		asm volatile("" : "+r"(word));
		if ((void *)(word + 1) > end)
			return 0;
		*sum += *word;
		at = word + 1;
	}
	if (length & 2) {
		__u16 *word = at;

		asm volatile("" : "+r"(word));
		if ((void *)(word + 1) > end)
			return 0;
		*sum += *word;
		at = word + 1;
	}
	if (length & 1) {
		__u8 *byte = at;

		asm volatile("" : "+r"(byte));
		if ((void *)(byte + 1) > end)
			return 0;
		*sum += *byte;
	}
	return 1;
}

// Adds the bytes from `at` on, a place in the frame. 0 if the frame's first buffer ends before, or there are too many. How
// far the blocks went is read back from the map, so that the verifier looks at the rest once.
static __always_inline int p4ni_sum_linear(struct xdp_md *ctx, struct p4ni_scratch *scratch, __u64 *sum)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end,
	     *at = data + (scratch->summed & 0xfff);
	__u32 length = scratch->unsummed, i;

#pragma clang loop unroll(disable)
	for (i = 0; i < P4NI_SUM_BLOCKS && length >= P4NI_SUM_BLOCK; i++) {
		asm volatile("" : "+r"(at));
		if (at + P4NI_SUM_BLOCK > end)
			return 0;
		*sum += p4ni_sum_block(at);
		at += P4NI_SUM_BLOCK;
		length -= P4NI_SUM_BLOCK;
	}
	if (length >= P4NI_SUM_BLOCK)
		return 0;
	scratch->summed += scratch->unsummed - length;
	length = *(volatile __u32 *)&scratch->unsummed;
	at = data + (*(volatile __u32 *)&scratch->summed & 0xfff);
	return p4ni_sum_tail(at, end, length, sum);
}

// The same for a packet that is long, or lies in several buffers, piece by piece. Not static for the verifier's sake, as
// p4ni_move_to_overflow.
__noinline int p4ni_sum_pieces(struct xdp_md *ctx, __u32 at, __u32 length, __u64 *sum)
{
	__u32 zero = 0, i, last;
	__u8 *piece = bpf_map_lookup_elem(&p4ni_piece, &zero);

	if (!piece || !sum)
		return 0;
#pragma clang loop unroll(disable)
	for (i = 0; i < P4NI_SUM_PIECES && length >= P4NI_SUM_PIECE; i++) {
		if (bpf_xdp_load_bytes(ctx, at, piece, P4NI_SUM_PIECE))
			return 0;
		*sum += (__u32)bpf_csum_diff(0, 0, (__be32 *)piece, P4NI_SUM_PIECE, 0);
		at += P4NI_SUM_PIECE;
		length -= P4NI_SUM_PIECE;
	}
	if (!length)
		return 1;
	asm volatile("" : "+r"(length));
	if (length < 1 || length > P4NI_SUM_PIECE)
		return 0;
	// The kernel sums words: what fills up the last one is zero.
	last = (length - 1) & (P4NI_SUM_PIECE - 4);
	*(__u32 *)(piece + last) = 0;
	if (bpf_xdp_load_bytes(ctx, at, piece, length))
		return 0;
	*sum += (__u32)bpf_csum_diff(0, 0, (__be32 *)piece, last + 4, 0);
	return 1;
}

// Of IPv4; `length` is a multiple of 4.
static __always_inline int p4ni_is_header_right(void *at, void *end, __u32 length)
{
	__u32 *word = at, i;
	__u64 sum;

	if ((void *)(word + 5) > end)
		return 0;
	sum = ((__u64)word[0] + word[1]) + ((__u64)word[2] + word[3]) + word[4];
#pragma clang loop unroll(disable)
	for (i = 5; i < 15 && i * 4 < length; i++) {
		asm volatile("" : "+r"(word));
		if ((void *)(word + 6) > end)
			return 0;
		sum += word[5];
		word++;
	}
	return p4ni_fold(sum) == 0xffff;
}

// What the transport's checksum covers besides its packet. IPv4 addresses are mapped in the key: what that puts in front
// of them adds nothing, as 0xffff is a zero.
static __always_inline __u64 p4ni_pseudo_header(const struct p4ni_flow_key *key, __u32 length)
{
	return ((__u64)key->source[0] + key->source[1] + key->source[2] + key->source[3]) +
	       ((__u64)key->destination[0] + key->destination[1] + key->destination[2] + key->destination[3]) +
	       bpf_htons(key->protocol) + bpf_htons(length);
}

// The packet of `scratch`, after what is to be stripped. `at` is where its transport header begins in the frame, `length`
// what the checksum of that covers, and `room` what the IP header says is there.
static __always_inline int
p4ni_is_intact(struct xdp_md *ctx, struct p4ni_scratch *scratch, __u32 at, __u32 room, __u32 length)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *header, *transport;
	__u32 before;
	__u64 sum, rest;

	if (!scratch)
		return 0;
	before = scratch->l2_length + scratch->stripped;
	sum = rest = p4ni_pseudo_header(&scratch->key, length);

	asm volatile("" : "+r"(before), "+r"(at));
	if (before > P4NI_FRAME_ROOM + P4NI_L2_ROOM || at > P4NI_FRAME_ROOM + P4NI_L2_ROOM + 60)
		return 0;
	if (at + room > (__u64)(end - data) && at + room > bpf_xdp_get_buff_len(ctx))
		return 0;
	header = data + before;
	transport = data + at;
	asm volatile("" : "+r"(header), "+r"(transport));
	if (scratch->type == bpf_htons(ETH_P_IP) && !p4ni_is_header_right(header, end, at - before))
		return 0;
	if (scratch->key.protocol == IPPROTO_UDP) {
		if (transport + sizeof(struct udphdr) > end)
			return 0;
		if (!((struct udphdr *)transport)->check)
			return scratch->type == bpf_htons(ETH_P_IP);
	}
	scratch->summed = at;
	scratch->unsummed = length;
	if (__builtin_expect(!p4ni_sum_linear(ctx, scratch, &sum), 0)) {
		if (!p4ni_sum_pieces(ctx, at, length, &rest))
			return 0;
		sum = rest;
	}
	return p4ni_fold(sum) == 0xffff;
}

#endif
