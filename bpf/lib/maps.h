// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The maps that both programs share. The agent sizes p4ni_index, p4ni_slots and p4ni_connections before it loads.

#ifndef P4NI_MAPS_H
#define P4NI_MAPS_H

#include "../include/p4ni_host.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// A section of its own: the agent writes the complete section, so nothing else may be in it.
const volatile struct p4ni_config p4ni_config SEC(".rodata.config");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_set);
} p4ni_index SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, P4NI_WAYS);
	__type(key, __u32);
	__type(value, struct p4ni_slot);
} p4ni_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_percpu);
} p4ni_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_totals);
} p4ni_total SEC(".maps");

// By server port, of UDP and then of TCP.
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, P4NI_RULES);
	__type(key, __u32);
	__type(value, struct p4ni_rule);
} p4ni_rules SEC(".maps");

// TCP connections; the key's request id is 0. Sized by the agent.
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct p4ni_flow_key);
	__type(value, struct p4ni_connection);
} p4ni_connections SEC(".maps");

// Sources that are trusted, if not all are.
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, P4NI_TRUSTED_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct p4ni_prefix);
	__type(value, __u32);
} p4ni_trusted SEC(".maps");

#endif
