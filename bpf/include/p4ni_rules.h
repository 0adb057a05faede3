// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The rules by the server's port: what is a request, and which bytes distinguish it from another.

#ifndef P4NI_SHARED_RULES_H
#define P4NI_SHARED_RULES_H

#include <linux/types.h>

// What distinguishes the requests to a server's port. A map holds one rule per port, of UDP and then of TCP: zero is
// the default.
#define P4NI_RULE_DEFAULT 0 // UDP: the first 4 bytes of payload. TCP: sequence numbers
#define P4NI_RULE_NONE 1    // UDP: nothing; replies come in the order of the requests
#define P4NI_RULE_FIELD 2   // UDP: `width` bytes at `offset` of the payload
#define P4NI_RULE_DNS 3     // as a field, of width 2 at offset 0
#define P4NI_RULE_OFF 4     // telemetry is taken off and not kept
#define P4NI_RULE_KIND 0x7f
// On top of the kind, set at XDP: telemetry came for this port. Other ports' replies are let pass.
#define P4NI_RULE_USED 0x80
#define P4NI_RULE_PORTS 65536
#define P4NI_RULES (2 * P4NI_RULE_PORTS)
#define P4NI_RULE_OFFSET_MAX 1400
#define P4NI_DEFAULT_ID_WIDTH 4

struct p4ni_rule {
	__u8 kind;
	__u8 width;   // 1, 2, 4 or 8; of fields and DNS
	__u16 offset; // to P4NI_RULE_OFFSET_MAX
};

_Static_assert(sizeof(struct p4ni_rule) == 4, "a rule is one word");

#endif
