// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The object that is loaded on a client, and on a host that is both: there one program at each hook does both parts, so
// that no packet is read twice.

#include "client_calls.bpf.c"
#include "lib/license.h"
#include "lib/client_source.h"
#include "tc_answer.bpf.c"
#include "tc_restore.bpf.c"
#include "xdp_strip.bpf.c"
// After xdp_strip.bpf.c, whose functions it uses.
#include "lib/client_reply.h"

// Whether a host has answered the frame. A frame that cannot be read here is read, and refused, later.
static __always_inline int p4ni_is_returned(void *data, void *end, __u32 length)
{
	struct p4ni_shim *shim = p4ni_after_l2(data, length);

	return (void *)(shim + 1) <= end && !p4ni_is_reference_shim(shim) && shim->flags & P4NI_FLAG_HOST_RECORD;
}

// Frames in the reference format, which no client inserts, are the server's.
static __always_inline int p4ni_receive(struct xdp_md *ctx, int is_server)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct p4ni_client_percpu *here = p4ni_client_here();
	struct p4ni_percpu *percpu = p4ni_this_cpu();
	enum p4ni_reason reason = P4NI_XDP_PLAIN;
	__be16 type = 0;
	__u32 length;

	if (!percpu || !here)
		return XDP_PASS;
	length = p4ni_l2_length(data, end, &type);
	if (length && type == bpf_htons(P4NI_ETHERTYPE_SHIM)) {
		if (!is_server || p4ni_is_returned(data, end, length))
			reason = p4ni_client_handle(ctx, here, &percpu->scratch, length);
		else
			reason = p4ni_handle(ctx, percpu, length);
	} else if (length && type == bpf_htons(P4NI_ETHERTYPE_PROBE)) {
		p4ni_hear(data, end, length);
	} else if (length && is_server) {
		p4ni_look_at_plain(ctx, percpu, length, type);
	}
	p4ni_count(percpu, reason);
	return XDP_PASS;
}

SEC("xdp.frags")
int p4ni_xdp_client(struct xdp_md *ctx)
{
	return p4ni_receive(ctx, 0);
}

SEC("xdp.frags")
int p4ni_xdp_both(struct xdp_md *ctx)
{
	return p4ni_receive(ctx, 1);
}

SEC("tc")
int p4ni_tc_source(struct __sk_buff *skb)
{
	struct p4ni_client_percpu *here = p4ni_client_here();
	struct p4ni_percpu *percpu = p4ni_this_cpu();

	if (!here || !percpu)
		return P4NI_TC_NEXT;
	if (__builtin_expect(!!here->asks, 0))
		return p4ni_become_probe(skb, here);
	p4ni_client_count(here, p4ni_insert(skb, here, &percpu->scratch));
	return P4NI_TC_NEXT;
}

// What brings telemetry to a reply comes first: only what goes out plain may be a request.
SEC("tc")
int p4ni_tc_both(struct __sk_buff *skb)
{
	struct p4ni_client_percpu *here = p4ni_client_here();
	struct p4ni_percpu *percpu = p4ni_this_cpu();
	enum p4ni_reason reason;

	if (!here || !percpu)
		return P4NI_TC_NEXT;
	if (__builtin_expect(!!here->asks, 0))
		return p4ni_become_probe(skb, here);
	reason = p4ni_handle_reply(skb, percpu);
	p4ni_count(percpu, reason);
	if (reason == P4NI_TC_UNMATCHED || reason == P4NI_TC_OTHER)
		p4ni_client_count(here, p4ni_insert(skb, here, &percpu->scratch));
	return P4NI_TC_NEXT;
}
