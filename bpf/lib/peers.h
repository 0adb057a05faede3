// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Destinations whose requests may carry telemetry: configured peers, and services that have shown to answer with
// telemetry.

#ifndef P4NI_PEERS_H
#define P4NI_PEERS_H

#include "client_maps.h"
#include <bpf/bpf_endian.h>

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

// Whether the service has been heard lately; counts the request that is about to carry telemetry to it.
static __always_inline int p4ni_is_learned(const struct p4ni_client_flow *flow, __u64 now)
{
	struct p4ni_service service = p4ni_service_of(flow);
	struct p4ni_learned *learned = bpf_map_lookup_elem(&p4ni_services, &service);

	if (!learned || now - learned->heard > P4NI_LEARNED_FOR || learned->unanswered >= P4NI_LEARNED_TRIES)
		return 0;
	__sync_fetch_and_add(&learned->unanswered, 1);
	return 1;
}

// A reply has come with a host record: whoever sent it strips telemetry. Only what the peers' rules allow is learned.
static __always_inline void p4ni_learn(struct p4ni_client_scratch *client, __u64 now)
{
	struct p4ni_learned heard = { .heard = now };
	struct p4ni_service service;

	if (p4ni_peering(client) != P4NI_LEARNABLE)
		return;
	service = p4ni_service_of(&client->flow);
	bpf_map_update_elem(&p4ni_services, &service, &heard, BPF_ANY);
}

#endif
