// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the server's host learns of a request between its two hooks, of its socket and the threads that serve it.

#ifndef P4NI_SHARED_BREAKDOWN_H
#define P4NI_SHARED_BREAKDOWN_H

#include <linux/types.h>

// What is learnt of a request between the hooks. A reading is value << 32 | stamp of the slot's state word; times are
// ns since the request's arrival, and 0xffffffff for a value that must not be reported. See bpf/lib/stages.h.
enum p4ni_stage {
	P4NI_STAGE_DOUBT = 0,   // anything: two requests could be meant, no part counts
	P4NI_STAGE_IDENTITY,    // what a receive call knows the request by
	P4NI_STAGE_QUEUED,      // into the socket's receive queue
	P4NI_STAGE_RECEIVED,    // the receive call returns
	P4NI_STAGE_SENT,        // the send call
	P4NI_STAGE_RUN_QUEUE,   // ns
	P4NI_STAGE_DEPTH,       // datagrams or bytes
	P4NI_STAGE_RETRANSMITS, // the connection's count when the request came
	P4NI_STAGES,
	P4NI_STAGE_RETRANSMITTED = P4NI_STAGE_IDENTITY // TCP: how many more when its reply left
};

struct p4ni_stages {
	__u64 value[P4NI_STAGES];
};

// What is known of an application's thread, under its number modulo P4NI_THREADS. Numbers have 22 bits: words with
// `pid` in them hold it there, and above it 42 bits of ns (73 minutes).
#define P4NI_THREADS 4096
#define P4NI_PID_BITS 22

struct p4ni_thread {
	__u64 in;        // ns, pid: since when it has been running
	__u64 in_before; // ns, pid: the same for the time before that
	__u64 waited;    // ns, pid: what it had waited for a processor, in all, when it last left one
	__u64 sent;      // ns: its last send call
	__u64 sent_socket;
	__u64 sent_check; // of the two and pid: threads that share an entry may write at once
	__u64 reserved[2];
};

// A bit for each of them, by which a switch of tasks finds out that it has nothing to note, in 512 bytes that stay in
// cache: set when a thread is first watched, and left set.
struct p4ni_watched {
	__u64 bits[P4NI_THREADS / 64];
};

// A send call on a TCP connection: it wrote the bytes from `from` on.
struct p4ni_write {
	__u64 at;   // CLOCK_MONOTONIC ns at its beginning; 0 if that is not known
	__u64 left; // bytes still to write when it was last seen, the first of them is `seen`
	__u32 from;
	__u32 seen;
	__u32 pid;
	__u32 reserved;
};

// What the latency breakdown of a TCP connection needs, kept with its socket.
#define P4NI_STREAM_REQUESTS 8
#define P4NI_STREAM_WRITES 8
#define P4NI_STREAM_READERS 8

struct p4ni_stream {
	__u64 requests[P4NI_STREAM_REQUESTS]; // slot << 32 | stamp of those that are not read yet; 0: none
	struct p4ni_write writes[P4NI_STREAM_WRITES];
	__u64 taken[P4NI_STREAM_READERS]; // pid << 32 | number after the last byte that the thread read, by pid
	__u32 next_request;
	__u32 last_write;
};

_Static_assert(sizeof(struct p4ni_stages) == 64, "stages fill one cache line");
_Static_assert(sizeof(struct p4ni_thread) == 64, "a thread's state fills one cache line");

#endif
