// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The maps of the client's role. The agent sets the sizes of p4ni_flows and p4ni_reports before it loads.

#ifndef P4NI_CLIENT_MAPS_H
#define P4NI_CLIENT_MAPS_H

#include "../include/p4ni_client.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_client_settings);
} p4ni_client SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_client_pace);
} p4ni_pace SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct p4ni_peer_key);
	__type(value, struct p4ni_peer);
} p4ni_peers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct p4ni_service);
	__type(value, struct p4ni_service_state);
} p4ni_services SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, struct p4ni_neighbour_key);
	__type(value, struct p4ni_neighbour);
} p4ni_neighbours SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct p4ni_client_flow);
	__type(value, struct p4ni_flow_state);
} p4ni_flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} p4ni_reports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_client_percpu);
} p4ni_client_counts SEC(".maps");

static __always_inline struct p4ni_client_percpu *p4ni_client_here(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&p4ni_client_counts, &zero);
}

static __always_inline struct p4ni_client_settings *p4ni_client_settings(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&p4ni_client, &zero);
}

static __always_inline void p4ni_client_count(struct p4ni_client_percpu *here, enum p4ni_client_reason reason)
{
	__u32 at = reason;

	asm volatile("" : "+r"(at)); // else the compiler drops the check that the verifier wants to see
	if (at < P4NI_CLIENT_REASONS)
		here->by_reason[at]++;
}

#endif
