// SPDX-License-Identifier: Apache-2.0
//
// The rules: where in a UDP payload the request id is, by the server's port.

#ifndef P4NI_REQUEST_ID_H
#define P4NI_REQUEST_ID_H

#include "datagram.h"
#include "maps.h"

// The rule of the server's port in a key, which has it as its destination. Taken as one word.
static __always_inline struct p4ni_rule p4ni_rule_of(const struct p4ni_flow_key *key)
{
	__u32 at = bpf_ntohs(key->destination_port) + (key->protocol == IPPROTO_TCP ? P4NI_RULE_PORTS : 0), word = 0;
	void *found = bpf_map_lookup_elem(&p4ni_rules, &at);
	struct p4ni_rule rule;

	if (found)
		word = *(volatile __u32 *)found;
	__builtin_memcpy(&rule, &word, sizeof(rule));
	return rule;
}

// Whether the payload has the bytes that the rule names; these then lie `rule.offset` behind its start.
static __always_inline enum p4ni_reason p4ni_check_rule(struct p4ni_rule rule, __u32 length)
{
	if (rule.kind == P4NI_RULE_OFF)
		return P4NI_XDP_RULED_OUT;
	if (rule.kind == P4NI_RULE_NONE)
		return P4NI_FINE;
	return length < (__u32)rule.offset + rule.width ? P4NI_XDP_NO_ID : P4NI_FINE;
}

// Reads an id that is not the first four bytes. `load` is the helper of the program's kind. The bytes of the packet are
// not looked at where they lie: the helper reads those beyond the first buffer, too.
#define p4ni_load_id(load, ctx, start, rule, id) \
	({ \
		__u32 width_ = (rule).width; \
		__u64 start_ = (start), offset_ = (rule).offset; \
		asm volatile("" : "+r"(width_), "+r"(start_), "+r"(offset_)); \
		*(id) = 0; \
		width_ >= 1 && width_ <= sizeof(*(id)) && (load)(ctx, start_ + offset_, id, width_) == 0; \
	})

#endif
