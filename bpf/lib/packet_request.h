// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The request of a packet at the cgroup hooks. Such a packet begins with the IP header.

#ifndef P4NI_PACKET_REQUEST_H
#define P4NI_PACKET_REQUEST_H

#include "outstanding.h"
#include "port_rules.h"
#include "request_id.h"

// Reads the key, and of TCP the numbers. 0 if the packet cannot be a request.
static __always_inline int p4ni_read_packet(struct __sk_buff *skb, enum p4ni_direction direction,
					    struct p4ni_scratch *scratch, struct p4ni_payload *payload)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	return p4ni_read_datagram(data, end, skb->protocol, direction, scratch, payload) == P4NI_FINE;
}

// Reads the request id of a UDP payload, which begins at `start`, into the key. 0 if it has none.
static __always_inline int
p4ni_read_packet_id(struct __sk_buff *skb, __u64 start, __u32 length, struct p4ni_flow_key *key)
{
	struct p4ni_rule *found = p4ni_rule_at(key->destination_port, key->protocol), rule;

	if (!found)
		return 0;
	rule = p4ni_copy_rule(found);
	if (rule.kind == P4NI_RULE_DEFAULT) {
		rule.offset = 0;
		rule.width = P4NI_DEFAULT_ID_WIDTH;
	}
	if (p4ni_check_rule(rule, length) != P4NI_FINE)
		return 0;
	return rule.kind == P4NI_RULE_NONE || p4ni_load_id(bpf_skb_load_bytes, skb, start, rule, &key->request_id);
}

#endif
