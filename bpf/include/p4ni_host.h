// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the eBPF programs and the agent that loads them agree on: wire sizes and offsets, counter numbers, and the
// layout of every map value. Included by bpf/*.bpf.c and imported by Swift as the module CHostPrograms, so that no
// number or offset is written twice. Each header asserts its layouts at its end; HostAgentTests compare them with
// Swift's.

#ifndef P4NI_SHARED_HOST_H
#define P4NI_SHARED_HOST_H

#include "p4ni_arrivals.h"
#include "p4ni_contest.h"
#include "p4ni_discovery.h"
#include "p4ni_flow.h"
#include "p4ni_identity.h"
#include "p4ni_percpu.h"
#include "p4ni_progress.h"
#include "p4ni_reasons.h"
#include "p4ni_rules.h"
#include "p4ni_breakdown.h"
#include "p4ni_store.h"
#include "p4ni_trust.h"
#include "p4ni_wire.h"
#include <linux/types.h>

// Number of this agreement. Pinned maps of another number must not be read with these layouts.
#define P4NI_ABI_VERSION 9

// Chosen at attach, read-only to the programs and constant to the verifier.
struct p4ni_config {
	__u32 version;         // P4NI_ABI_VERSION
	__u32 reference_level; // level of frames in the reference format
	__u32 sets;            // sets in the index, one eighth of the slots
	__u32 front_sets;      // the first of them, which new telemetry goes to; fewer than sets
	__u64 hash_seed;       // random: nobody outside can aim at one set
	__u32 trust;           // P4NI_TRUST_…
	__u32 legacy;          // 1: never the extended host record
	__u32 host_id;
	__u32 queued;    // entries of p4ni_queued
	__u32 namespace; // inode of the interface's network namespace
	__u32 reserved;
};

_Static_assert(sizeof(struct p4ni_config) == 48, "config has no padding");

#endif
