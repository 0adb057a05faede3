// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What is known of the application's threads: when they ran and waited, and their last send call. Entries are found by
// the thread's number; two threads that share one take it from each other, and what belongs to neither counts for none.

#ifndef P4NI_THREADS_H
#define P4NI_THREADS_H

#include "kernel_types.h"
#include "maps.h"
#include "send_check.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, P4NI_THREADS);
	__type(key, __u32);
	__type(value, struct p4ni_thread);
} p4ni_thread SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_watched);
} p4ni_watched SEC(".maps");

#define P4NI_PID_MASK ((1ull << P4NI_PID_BITS) - 1)

static __always_inline struct p4ni_thread *p4ni_thread_of(__u32 pid)
{
	__u32 at = pid % P4NI_THREADS;

	return bpf_map_lookup_elem(&p4ni_thread, &at);
}

static __always_inline struct p4ni_watched *p4ni_watched_threads(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&p4ni_watched, &zero);
}

// Whether the thread, or another that shares its entry, has ever been watched.
static __always_inline int p4ni_is_watched(const struct p4ni_watched *watched, __u32 pid)
{
	__u32 at = pid % P4NI_THREADS;

	return watched->bits[at / 64] >> at % 64 & 1;
}

static __always_inline __u64 p4ni_of_pid(__u64 time, __u32 pid)
{
	return time << P4NI_PID_BITS | pid;
}

static __always_inline int p4ni_is_pid(__u64 word, __u32 pid)
{
	return (word & P4NI_PID_MASK) == pid;
}

// From one time to another; 42 bits of each are known.
static __always_inline __u64 p4ni_from_to(__u64 from, __u64 to)
{
	return ((to << P4NI_PID_BITS) - (from >> P4NI_PID_BITS << P4NI_PID_BITS)) >> P4NI_PID_BITS;
}

// From now on the thread's waiting is watched. It is running, so what it has waited so far is settled.
static __always_inline void p4ni_watch(struct p4ni_thread *thread, __u32 pid, __u64 waited, __u64 now)
{
	struct p4ni_watched *watched = p4ni_watched_threads();
	__u32 at = pid % P4NI_THREADS;

	if (!watched)
		return;
	if (!p4ni_is_watched(watched, pid))
		__sync_fetch_and_or(&watched->bits[at / 64], 1ull << at % 64);
	thread->in_before = p4ni_of_pid(now, pid);
	thread->waited = p4ni_of_pid(waited, pid);
	thread->in = p4ni_of_pid(now, pid);
}

// The thread is in a send call on this socket since `now`.
static __always_inline void p4ni_note_send(__u32 pid, __u64 socket, __u64 now)
{
	struct p4ni_thread *thread = p4ni_thread_of(pid);

	if (!thread)
		return;
	thread->sent = now;
	thread->sent_socket = socket;
	thread->sent_check = p4ni_send_check(now, socket, pid);
}

// When the send call began that the thread is in on this socket, once; 0 if that is not known.
static __always_inline __u64 p4ni_consume_send(__u32 pid, __u64 socket)
{
	struct p4ni_thread *thread = p4ni_thread_of(pid);
	__u64 sent;

	if (!thread || thread->sent_socket != socket)
		return 0;
	sent = thread->sent;
	if (thread->sent_check != p4ni_send_check(sent, socket, pid))
		return 0;
	thread->sent_check = 0;
	return sent;
}

#endif
