// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Keys under which requests come with telemetry and without it, see bpf/lib/contest.h.

#ifndef P4NI_SHARED_CONTEST_H
#define P4NI_SHARED_CONTEST_H

// Entries; a key's hash chooses one, and the key that came last with telemetry has it.
#define P4NI_CONTESTS 1024

// An entry: tag (upper 32 bits of the key's hash) | when its period began (16 bits, in units of 2^27 ns) | the fewest
// unanswered requests of the period (8 bits) | unanswered requests that are to be answered without telemetry (8 bits).
#define P4NI_CONTEST_MOST 255
#define P4NI_CONTEST_FEWEST_SHIFT 8
#define P4NI_CONTEST_TIME_SHIFT 16
#define P4NI_CONTEST_TAG_SHIFT 32
#define P4NI_CONTEST_UNIT_SHIFT 27
// Units in a period: 8.6 s.
#define P4NI_CONTEST_PERIOD 64

#endif
