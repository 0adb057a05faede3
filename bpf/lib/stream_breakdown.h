// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TCP: what is kept with a connection's socket to find out when a request's last byte was read, and which send call
// wrote the first byte of a reply. Nothing is kept before the first request with telemetry comes in.

#ifndef P4NI_STREAM_BREAKDOWN_H
#define P4NI_STREAM_BREAKDOWN_H

#include "outstanding.h"
#include "stream.h"

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct p4ni_stream);
} p4ni_streams SEC(".maps");

// The send call that wrote the byte numbered `sequence`: the last one that began at it or before. Calls are forgotten
// in their order, so if that one is, so are all before it. 0 if it is not known.
static __always_inline __u64 p4ni_written_at(const struct p4ni_stream *stream, __u32 sequence)
{
	const struct p4ni_write *found = 0;
	__u32 i;

	for (i = 0; i < P4NI_STREAM_WRITES; i++) {
		const struct p4ni_write *write = &stream->writes[i];

		if (!write->pid || p4ni_before(sequence, write->from))
			continue;
		if (!found || p4ni_before(found->from, write->from))
			found = write;
	}
	if (!found || !p4ni_before(sequence, found->seen + (__u32)found->left))
		return 0;
	return found->at;
}

// Notes the beginning of a send call, which may be seen several times: what follows without a gap and leaves as much
// less to write is the same call.
static __always_inline void p4ni_note_write(struct p4ni_stream *stream, __u32 sequence, __u64 left, __u32 pid, __u64 at)
{
	struct p4ni_write *write = &stream->writes[stream->last_write % P4NI_STREAM_WRITES];
	__u32 wrote = sequence - write->seen;

	if (write->pid == pid && wrote && left < write->left && write->left - left == wrote) {
		write->seen = sequence;
		write->left = left;
		return;
	}
	stream->last_write++;
	write = &stream->writes[stream->last_write % P4NI_STREAM_WRITES];
	write->from = sequence;
	write->seen = sequence;
	write->left = left;
	write->pid = pid;
	write->at = at;
}

#endif
