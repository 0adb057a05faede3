// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Where in a UDP payload the request id is.

#ifndef P4NI_REQUEST_ID_H
#define P4NI_REQUEST_ID_H

#include "datagram.h"

// Whether the payload has the bytes that the rule names; these then are at `rule.offset` from its start.
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
