// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// XDP: what the client acknowledges of a reply that is followed, and whether bytes have waited for it.

#ifndef P4NI_PROGRESS_ACKNOWLEDGED_H
#define P4NI_PROGRESS_ACKNOWLEDGED_H

#include "progress.h"
#include "stream_request.h"

// Of the kernel's struct of this name, as in stream_request.h.
struct tcp_sock___sending {
	__u32 snd_nxt;
	__u32 snd_una;
	__u32 snd_sml; // end of the last segment that was sent and shorter than the longest allowed
	__u32 write_seq;
	__u32 mss_cache;
	__u8 nonagle : 4;
} __attribute__((preserve_access_index));

// TCP_NAGLE_OFF and TCP_NAGLE_CORK of <net/tcp.h>: the application chose not to wait, or to wait for itself.
#define P4NI_NAGLE_OFF_OR_CORKED 3

// Whether the connection's socket holds bytes that only wait for this acknowledgement: Nagle's rule as the kernel applies
// it, before the socket has the acknowledgement. Less than a segment is unsent, and a short segment is not yet
// acknowledged. -1: there is no such socket here.
static __always_inline int p4ni_releases(struct xdp_md *ctx, const struct p4ni_scratch *scratch)
{
	struct bpf_sock *socket = p4ni_find_socket(ctx, scratch);
	struct tcp_sock___sending *tcp;
	__u32 unsent;
	int releases = -1;

	if (!socket)
		return -1;
	tcp = socket->state == BPF_TCP_LISTEN ? 0 : (void *)bpf_skc_to_tcp_sock(socket);
	if (tcp) {
		unsent = tcp->write_seq - tcp->snd_nxt;
		releases = unsent && unsent < tcp->mss_cache && p4ni_before(tcp->snd_una, tcp->snd_sml) &&
			   !p4ni_before(tcp->snd_nxt, tcp->snd_sml) &&
			   !p4ni_before(scratch->acknowledged, tcp->snd_sml) &&
			   !(BPF_CORE_READ_BITFIELD(tcp, nonagle) & P4NI_NAGLE_OFF_OR_CORKED);
	}
	bpf_sk_release(socket);
	return releases;
}

// Raises what is acknowledged to `acked`. A short segment among it may have held others back.
static __always_inline void p4ni_raise(struct xdp_md *ctx, struct p4ni_progress *progress,
				       const struct p4ni_scratch *scratch, __u32 acked, __u32 small, __u64 now)
{
	int releases;

	if (p4ni_before(progress->acked, small) && !p4ni_before(acked, small)) {
		releases = p4ni_releases(ctx, scratch);
		if (releases > 0)
			progress->released = now;
		else if (releases < 0)
			progress->flags |= P4NI_PROGRESS_AT_MOST;
	}
	progress->acked = acked;
	progress->acknowledged = now;
}

// What the client has sent asks for something new.
static __always_inline void
p4ni_note_next(struct p4ni_progress *progress, const struct p4ni_scratch *scratch, int is_all)
{
	if (is_all) {
		progress->flags |= P4NI_PROGRESS_ENDED;
		p4ni_report_progress(progress, P4NI_PROGRESS_ENDED);
		return;
	}
	if (progress->flags & P4NI_PROGRESS_OVERLAPPED)
		return;
	progress->next = scratch->end;
	progress->flags |= P4NI_PROGRESS_OVERLAPPED;
}

// A segment of a client's has come. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_follow_acknowledgement(struct xdp_md *ctx, const struct p4ni_scratch *scratch)
{
	struct p4ni_progress *progress;
	__u32 highest, small, flags, acked, is_raised, is_all;
	__u64 version, now;

	if (!scratch)
		return 0;
	progress = p4ni_progress_of(scratch);
	if (!progress || !progress->sent.arrival || progress->flags & P4NI_PROGRESS_ENDED)
		return 0;
	now = bpf_ktime_get_ns();
	if (!p4ni_follows(now))
		return 0;
	version = *(volatile __u64 *)&progress->version;
	highest = *(volatile __u32 *)&progress->sent.highest;
	small = *(volatile __u32 *)&progress->sent.small;
	flags = *(volatile __u32 *)&progress->sent.flags;
	acked = scratch->acknowledged;
	// A connection's end takes one number.
	if (acked == highest + 1)
		acked = highest;
	is_raised = p4ni_before(progress->acked, acked) && !p4ni_before(highest, acked);
	if (is_raised)
		p4ni_raise(ctx, progress, scratch, acked, small, now);
	is_all = !p4ni_before(progress->acked, highest) && !(version & 1) &&
		 version == *(volatile __u64 *)&progress->version;
	if (scratch->tcp_flags & P4NI_TCP_RST) {
		progress->flags |= P4NI_PROGRESS_ENDED;
		p4ni_report_progress(progress, P4NI_PROGRESS_ENDED | P4NI_PROGRESS_RESET);
	} else if (scratch->sequence != scratch->end && !p4ni_before(scratch->sequence, progress->sent.received)) {
		p4ni_note_next(progress, scratch, is_all);
	} else if (is_all && is_raised) {
		flags &= P4NI_PROGRESS_CLOSED;
		progress->flags |= flags ? P4NI_PROGRESS_ENDED : 0;
		p4ni_report_progress(progress, flags ? P4NI_PROGRESS_ENDED : 0);
	}
	return 0;
}

#endif
