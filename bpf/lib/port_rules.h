// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The rules by the server's port: what distinguishes its requests.

#ifndef P4NI_PORT_RULES_H
#define P4NI_PORT_RULES_H

#include "maps.h"
#include <linux/in.h>
#include <bpf/bpf_endian.h>

static __always_inline struct p4ni_rule *p4ni_rule_at(__be16 port, __u32 protocol)
{
	__u32 at = bpf_ntohs(port) + (protocol == IPPROTO_TCP ? P4NI_RULE_PORTS : 0);

	return bpf_map_lookup_elem(&p4ni_rules, &at);
}

// A copy of a rule, read as one word, without P4NI_RULE_USED.
static __always_inline struct p4ni_rule p4ni_copy_rule(const struct p4ni_rule *found)
{
	__u32 word = *(const volatile __u32 *)found;
	struct p4ni_rule rule;

	__builtin_memcpy(&rule, &word, sizeof(rule));
	rule.kind &= P4NI_RULE_KIND;
	return rule;
}

// In one step with the rest of its word: a rule that is set at this moment stays complete.
static __always_inline void p4ni_mark_rule(struct p4ni_rule *found)
{
	struct p4ni_rule used = { .kind = P4NI_RULE_USED };
	__u32 mark;

	__builtin_memcpy(&mark, &used, sizeof(mark));
	__sync_fetch_and_or((__u32 *)found, mark);
}

// The rule of a request's port, which is used from now on.
static __always_inline struct p4ni_rule p4ni_use_rule(const struct p4ni_flow_key *key)
{
	struct p4ni_rule *found = p4ni_rule_at(key->destination_port, key->protocol), none = {};

	if (!found)
		return none;
	if (__builtin_expect(!(found->kind & P4NI_RULE_USED), 0))
		p4ni_mark_rule(found);
	return p4ni_copy_rule(found);
}

#endif
