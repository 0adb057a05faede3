// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Sends frames as fast as an interface takes them, or evenly paced: run by BPF_PROG_TEST_RUN with live frames, each run
// of the program is a frame out of the interface.

#include "include/p4ni_generator.h"
#include "lib/license.h"
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

const volatile struct p4ni_generation p4ni_generation SEC(".rodata.generation");

// Frames so far. Only one thread runs a loaded generator.
__u32 p4ni_generated;

// ns of CLOCK_MONOTONIC at which the first frame was due, and at which the last one left.
__u64 p4ni_began, p4ni_previous;

// A frame waits for no longer than this many readings of the clock, of 20 to 40 ns.
#define P4NI_WAIT_LIMIT 100000

static long p4ni_is_due(__u32 index, void *due)
{
	return bpf_ktime_get_ns() >= *(__u64 *)due;
}

// Waits until the frame is due. One that is late leaves at 7/8 of the interval after the previous one: what was lost is
// made up for without a burst.
static __always_inline void p4ni_pace(__u32 number)
{
	__u64 interval = p4ni_generation.interval, now = bpf_ktime_get_ns(), due, earliest;

	if (!p4ni_began)
		p4ni_began = p4ni_previous = now;
	due = p4ni_began + (number * interval >> 8);
	earliest = p4ni_previous + ((interval - interval / 8) >> 8);
	if (due < earliest)
		due = earliest;
	if (due > now)
		bpf_loop(P4NI_WAIT_LIMIT, p4ni_is_due, &due, 0);
	p4ni_previous = due > now ? due : now;
}

SEC("xdp")
int p4ni_generate(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 number_offset = p4ni_generation.number_offset & 0xfff, port_offset = p4ni_generation.port_offset & 0xfff;
	__u32 number = p4ni_generated++, flows = p4ni_generation.flows;
	__u16 port = p4ni_generation.first_port;

	if (number_offset && data + number_offset + 10 <= end && data + port_offset + 2 <= end) {
		if (flows > 1)
			port += number % flows;
		*(__be32 *)(data + number_offset) = bpf_htonl(number);
		*(__be32 *)(data + number_offset + 4) = ~bpf_htonl(number);
		*(__be16 *)(data + number_offset + 8) = ~bpf_htons(port);
		*(__be16 *)(data + port_offset) = bpf_htons(port);
	}
	if (p4ni_generation.interval)
		p4ni_pace(number);
	return bpf_redirect(p4ni_generation.interface, 0);
}
