// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Where in the store a key may be, and what a state word says about its key.

#ifndef P4NI_STORE_KEY_H
#define P4NI_STORE_KEY_H

#include "maps.h"

// The bits of a state word that say what it holds: the tag and the phase.
#define P4NI_PROBE_MASK ((1ull << (P4NI_PHASE_BITS + P4NI_TAG_BITS)) - 1)

// Where a key may be.
struct p4ni_place {
	__u32 sets[3]; // in the order in which they are searched
};

// A sum of products, one for every 8 bytes, with multipliers from the random seed, so that sets cannot be aimed at
// from outside. The products do not wait for one another. All of a key reaches the upper bits, which choose the set in
// front and are left as they are, so that the way to it is short; the lower ones, which are the tag, get them added.
static __always_inline __u64 p4ni_hash(const struct p4ni_flow_key *key)
{
	const __u64 *word = (const __u64 *)key;
	__u64 seed = p4ni_config.hash_seed;
	__u64 hash = word[0] * ((seed ^ 0x9e3779b97f4a7c14ull) | 1) + word[1] * ((seed ^ 0xbf58476d1ce4e5b8ull) | 1) +
		     word[2] * ((seed ^ 0x94d049bb133111eaull) | 1) + word[3] * ((seed ^ 0xd6e8feb86659fd92ull) | 1) +
		     word[4] * ((seed ^ 0xa0761d6478bd642eull) | 1) + word[5] * ((seed ^ 0xe7037ed1a0b428daull) | 1);

	return hash ^ hash >> 32 ^ hash >> 48;
}

static __always_inline __u32 p4ni_front_set(__u64 hash)
{
	return (hash >> 32) * p4ni_config.front_sets >> 32;
}

static __always_inline struct p4ni_place p4ni_place(__u64 hash)
{
	__u64 front = p4ni_config.front_sets, overflow = p4ni_config.sets - front;
	struct p4ni_place place = {
		.sets = {
			p4ni_front_set(hash),
			front + ((hash * 0xd6e8feb86659fd93ull >> 32) * overflow >> 32),
			front + ((hash * 0xc2b2ae3d27d4eb4full >> 32) * overflow >> 32),
		},
	};

	return place;
}

static __always_inline int p4ni_same(const struct p4ni_flow_key *a, const struct p4ni_flow_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4]) | (x[5] ^ y[5]));
}

// The bits of a state word by which a slot may hold a key: the tag, and that the slot is full.
static __always_inline __u32 p4ni_probe(__u64 hash)
{
	return (hash << P4NI_PHASE_BITS | P4NI_PHASE_FULL) & P4NI_PROBE_MASK;
}

static __always_inline __u64 p4ni_word(__u64 arrival, __u64 hash)
{
	return arrival >> P4NI_STAMP_SHIFT << (P4NI_PHASE_BITS + P4NI_TAG_BITS) | p4ni_probe(hash);
}

#endif
