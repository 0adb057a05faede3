// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// UDP requests with one key, some with telemetry and some without. Replies do not say which of them they answer, and who
// asked without telemetry may be unable to strip it: while such a request is unanswered, no telemetry is kept under its
// key. So nobody can have telemetry sent with another's reply, whatever becomes of the packets that brought it: a firewall
// may drop them, or nobody may be at their address.
//
// Only keys that telemetry came under are counted for: other plain requests and their replies just find that their key's
// entry has another tag. Requests that are never answered, and those that the count has no room for, would leave a count
// for ever. So the fewest of a period is taken off at its end: these stood for nothing.

#ifndef P4NI_CONTEST_H
#define P4NI_CONTEST_H

#include "../include/p4ni_contest.h"
#include "store_key.h"

#define P4NI_CONTEST_TRIES 3

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, P4NI_CONTESTS);
	__type(key, __u32);
	__type(value, __u64);
} p4ni_contests SEC(".maps");

static __always_inline __u64 *p4ni_contest_of(__u64 hash)
{
	__u32 at = (hash >> 16) & (P4NI_CONTESTS - 1);

	return bpf_map_lookup_elem(&p4ni_contests, &at);
}

static __always_inline int p4ni_is_contest_of(__u64 entry, __u64 hash)
{
	return entry >> P4NI_CONTEST_TAG_SHIFT == hash >> P4NI_CONTEST_TAG_SHIFT;
}

static __always_inline __u32 p4ni_contest_count(__u64 entry)
{
	return entry & P4NI_CONTEST_MOST;
}

// The entry `change` requests later.
static __always_inline __u64 p4ni_contest_after(__u64 entry, __s32 change, __u16 now)
{
	__s32 count = p4ni_contest_count(entry), fewest = entry >> P4NI_CONTEST_FEWEST_SHIFT & P4NI_CONTEST_MOST;
	__u16 since = entry >> P4NI_CONTEST_TIME_SHIFT;
	int is_over = (__u16)(now - since) > P4NI_CONTEST_PERIOD;

	if (is_over)
		count -= fewest;
	count += change;
	if (count < 0)
		count = 0;
	if (count > P4NI_CONTEST_MOST)
		count = P4NI_CONTEST_MOST;
	if (is_over || count < fewest)
		fewest = count;
	if (is_over)
		since = now;
	return entry >> P4NI_CONTEST_TAG_SHIFT << P4NI_CONTEST_TAG_SHIFT | (__u64)since << P4NI_CONTEST_TIME_SHIFT |
	       fewest << P4NI_CONTEST_FEWEST_SHIFT | count;
}

// Counts requests of the key as unanswered, or one as answered. `takes_over`: also if another key has its entry. Returns
// how many are unanswered. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_contest(__u64 hash, __s32 change, __u32 takes_over)
{
	__u16 now = bpf_ktime_get_coarse_ns() >> P4NI_CONTEST_UNIT_SHIFT;
	__u64 *entry = p4ni_contest_of(hash), seen, before, after;
	__u32 try;

	for (try = 0; entry && try < P4NI_CONTEST_TRIES; try++) {
		seen = before = *(volatile __u64 *)entry;
		if (!p4ni_is_contest_of(before, hash)) {
			if (!takes_over)
				return 0;
			before = hash >> P4NI_CONTEST_TAG_SHIFT << P4NI_CONTEST_TAG_SHIFT;
		}
		// Of a key without unanswered requests, a period begins with the first.
		if (!p4ni_contest_count(before))
			before = before >> P4NI_CONTEST_TAG_SHIFT << P4NI_CONTEST_TAG_SHIFT |
				 (__u64)(__u16)(now - P4NI_CONTEST_PERIOD - 1) << P4NI_CONTEST_TIME_SHIFT;
		after = p4ni_contest_after(before, change, now);
		if (__sync_val_compare_and_swap(entry, seen, after) == seen)
			return p4ni_contest_count(after);
	}
	return 0;
}

// Whether telemetry came under the key, and so who asks without is to be counted.
static __always_inline int p4ni_is_shared(__u64 hash)
{
	__u64 *entry = p4ni_contest_of(hash);

	return entry && p4ni_is_contest_of(*(volatile __u64 *)entry, hash);
}

static __always_inline int p4ni_is_contested(__u64 hash)
{
	__u64 *entry = p4ni_contest_of(hash), seen;

	if (!entry)
		return 0;
	seen = *(volatile __u64 *)entry;
	return p4ni_contest_count(seen) && p4ni_is_contest_of(seen, hash);
}

// Another request of a key with unanswered ones: 1 if some still are, and then it is counted too. Not static for
// the same reason.
__noinline int p4ni_join_contest(__u64 hash)
{
	if (!p4ni_contest(hash, 0, 0))
		return 0;
	p4ni_contest(hash, 1, 0);
	return 1;
}

// A request has come with telemetry. 0 if that must not be kept: the request is then one without.
static __always_inline int p4ni_enter_contest(__u64 hash)
{
	__u64 *entry = p4ni_contest_of(hash), seen;

	if (!entry)
		return 1;
	seen = *(volatile __u64 *)entry;
	if (__builtin_expect(!p4ni_is_contest_of(seen, hash), 1)) {
		*(volatile __u64 *)entry = hash >> P4NI_CONTEST_TAG_SHIFT << P4NI_CONTEST_TAG_SHIFT;
		return 1;
	}
	return !p4ni_contest_count(seen) || !p4ni_join_contest(hash);
}

#endif
