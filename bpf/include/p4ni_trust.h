// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Whose telemetry is believed.

#ifndef P4NI_SHARED_TRUST_H
#define P4NI_SHARED_TRUST_H

#include <linux/types.h>

// Whose requests' telemetry is kept for the reply; that of others is stripped and counted.
#define P4NI_TRUST_ALL 0
#define P4NI_TRUST_NONE 1
#define P4NI_TRUST_LISTED 2 // whose source address has a prefix in p4ni_trusted

#define P4NI_TRUSTED_MAX 1024

// Key of a longest-prefix search. IPv4 addresses are mapped, their prefixes 96 bits longer.
struct p4ni_prefix {
	__u32 bits;
	__be32 address[4];
};

#endif
