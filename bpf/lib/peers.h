// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Destinations whose requests may carry telemetry: configured peers, and services that have shown to answer with
// telemetry.

#ifndef P4NI_PEERS_H
#define P4NI_PEERS_H

#include "client_maps.h"
#include <bpf/bpf_endian.h>

// P4NI_CLIENT_REASONS means "no reason: go on".
#define P4NI_INSERT_GO_ON P4NI_CLIENT_REASONS

enum p4ni_peering {
	P4NI_STRANGER,
	P4NI_PEER,
	P4NI_LEARNABLE, // once it has been heard to answer with telemetry
};

// Of several rules that hold the configured one counts.
static __always_inline enum p4ni_peering p4ni_peering(struct p4ni_client_scratch *client)
{
	const struct p4ni_client_flow *flow = &client->flow;
	enum p4ni_peering found = P4NI_STRANGER;
	struct p4ni_peer *peer;
	__u32 i;

	client->peer.bits = 128;
	__builtin_memcpy(client->peer.address, flow->destination, sizeof(flow->destination));
	peer = bpf_map_lookup_elem(&p4ni_peers, &client->peer);
	if (!peer)
		return P4NI_STRANGER;
	for (i = 0; i < P4NI_PEER_RULES; i++) {
		struct p4ni_peer_rule rule = peer->rules[i];

		if (i >= peer->count)
			break;
		if (rule.protocol && rule.protocol != flow->protocol)
			continue;
		// Without a port only the order of the ports distinguishes a request from a reply.
		if (rule.port ? rule.port != flow->destination_port :
				bpf_ntohs(flow->destination_port) >= bpf_ntohs(flow->source_port))
			continue;
		if (!rule.learned)
			return P4NI_PEER;
		found = P4NI_LEARNABLE;
	}
	return found;
}

static __always_inline struct p4ni_service p4ni_service_of(const struct p4ni_client_flow *flow)
{
	struct p4ni_service service = { .port = flow->destination_port, .protocol = flow->protocol };

	__builtin_memcpy(service.address, flow->destination, sizeof(service.address));
	return service;
}

// The state of the flow's service, made if it is missing and may be made.
static __always_inline struct p4ni_service_state *p4ni_service_state(const struct p4ni_client_flow *flow, int may_begin)
{
	struct p4ni_service service = p4ni_service_of(flow);
	struct p4ni_service_state fresh = {}, *state = bpf_map_lookup_elem(&p4ni_services, &service);

	if (state || !may_begin)
		return state;
	bpf_map_update_elem(&p4ni_services, &service, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&p4ni_services, &service);
}

static __always_inline int p4ni_is_heard_of(const struct p4ni_service_state *state, __u64 now)
{
	return state->heard && now - state->heard <= P4NI_LEARNED_FOR;
}

// Whether a request may carry telemetry to a service whose last ones came back without: one after each pause.
static __always_inline int p4ni_may_retry(struct p4ni_service_state *state, __u64 now)
{
	__u64 retry = *(volatile __u64 *)&state->retry, pause = state->pause * 2;

	if (now < retry)
		return 0;
	if (pause < P4NI_FIRST_PAUSE)
		pause = P4NI_FIRST_PAUSE;
	if (pause > P4NI_LAST_PAUSE)
		pause = P4NI_LAST_PAUSE;
	if (__sync_val_compare_and_swap(&state->retry, retry, now + pause) != retry)
		return 0;
	state->pause = pause;
	return 1;
}

// Whether a request may carry telemetry to its service; counts it if so. `is_known`: the peers' rules name the service,
// or its neighbour says that it strips. Others must have been heard.
static __always_inline enum p4ni_client_reason
p4ni_try_service(const struct p4ni_client_flow *flow, int is_known, __u64 now)
{
	struct p4ni_service_state *state = p4ni_service_state(flow, is_known);

	if (!state || (!is_known && !p4ni_is_heard_of(state, now)))
		return P4NI_INSERT_NO_PEER;
	if (state->unanswered >= P4NI_TRIES && now - state->heard > P4NI_SILENCE && !p4ni_may_retry(state, now))
		return P4NI_INSERT_STOPPED;
	__sync_fetch_and_add(&state->unanswered, 1);
	return P4NI_INSERT_GO_ON;
}

static __always_inline void p4ni_set_heard(struct p4ni_service_state *state, __u64 now)
{
	state->heard = now;
	state->unanswered = 0;
	state->pause = 0;
	state->retry = 0;
}

// A reply has come with a host record: whoever sent it strips telemetry. Only what the peers' rules allow is learned.
static __always_inline void p4ni_learn(struct p4ni_client_scratch *client, __u64 now)
{
	struct p4ni_service_state *state;

	if (p4ni_peering(client) != P4NI_LEARNABLE)
		return;
	state = p4ni_service_state(&client->flow, 1);
	if (state)
		p4ni_set_heard(state, now);
}

// A request with telemetry has come back.
static __always_inline void p4ni_confirm(const struct p4ni_client_flow *flow, __u64 now)
{
	struct p4ni_service_state *state = p4ni_service_state(flow, 0);

	if (state)
		p4ni_set_heard(state, now);
}

#endif
