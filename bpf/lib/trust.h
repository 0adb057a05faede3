// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Whose telemetry is believed.

#ifndef P4NI_TRUST_H
#define P4NI_TRUST_H

#include "maps.h"

// Whether what a request brought is kept for its reply. The choice is constant to the verifier: where all is believed,
// nothing of this is left.
static __always_inline int p4ni_is_believed(const struct p4ni_scratch *scratch)
{
	struct p4ni_prefix prefix = { .bits = 128 };

	if (p4ni_config.trust != P4NI_TRUST_LISTED)
		return p4ni_config.trust == P4NI_TRUST_ALL;
	__builtin_memcpy(prefix.address, scratch->key.source, sizeof(prefix.address));
	return bpf_map_lookup_elem(&p4ni_trusted, &prefix) != 0;
}

#endif
