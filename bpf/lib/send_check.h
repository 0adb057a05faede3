// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Checks that an entry about a thread's send call was written by one thread: threads that share an entry may write it
// at the same moment.

#ifndef P4NI_SEND_CHECK_H
#define P4NI_SEND_CHECK_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

// Never 0.
static __always_inline __u64 p4ni_send_check(__u64 time, __u64 socket, __u32 pid)
{
	__u64 hash = (time ^ (__u64)pid << 32) * 0x9e3779b97f4a7c15ull + socket * 0xd6e8feb86659fd93ull;

	return (hash ^ hash >> 29) | 1;
}

#endif
