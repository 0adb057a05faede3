// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What became of each frame, and the counts of that.

#ifndef P4NI_SHARED_REASONS_H
#define P4NI_SHARED_REASONS_H

#include <linux/types.h>

// Every frame that a program looks at ends in exactly one of these counts; EVICTED comes on top of SAVED.
// Numbers are part of the agreement: append, before P4NI_REASONS, and never reuse one.
enum p4ni_reason {
	// XDP, frame handled.
	P4NI_XDP_PLAIN = 0, // no shim
	P4NI_XDP_SAVED,     // telemetry saved and stripped
	P4NI_XDP_EVICTED,   // the oldest saved telemetry gave way to that of a new request
	P4NI_XDP_NOT_KEPT,  // stripped, but other processors held every slot it could have gone to
	P4NI_XDP_RETURNED,  // stripped only: a host record shows that a host has answered this already
	// XDP, frame with a shim passed unchanged.
	P4NI_XDP_SHORT_SHIM,  // frame ends within the shim
	P4NI_XDP_COUNT,       // more than 20 records, or none and no source record
	P4NI_XDP_LEVEL,       // level unknown
	P4NI_XDP_FORWARD,     // more forward records than records
	P4NI_XDP_SHORT,       // frame ends within the records
	P4NI_XDP_CHAIN,       // next_proto disagrees with count or flags
	P4NI_XDP_NESTED,      // a second shim after the records
	P4NI_XDP_INNER_TYPE,  // what follows is neither IPv4 nor IPv6
	P4NI_XDP_INNER_SHORT, // IP or UDP header cut off, or a length in it that cannot be
	P4NI_XDP_FRAGMENT,    // IP fragment: no ports, or not a complete request
	P4NI_XDP_PROTOCOL,    // stripped, not kept: neither UDP nor TCP right after the IP header
	P4NI_XDP_NO_ID,       // stripped, not kept: payload too short for the request id that its port's rule names
	P4NI_XDP_NOT_MOVED,   // the kernel refused to move the start of the frame
	// TC egress.
	P4NI_TC_OTHER,      // nothing that can be a reply: no UDP with a request id, no TCP with payload
	P4NI_TC_UNMATCHED,  // nothing is saved for it
	P4NI_TC_RESTORED,   // telemetry and host record put in front
	P4NI_TC_SEGMENTED,  // the rest: sent plain, the telemetry stays saved. A segmentation super-packet
	P4NI_TC_MTU,        // would not fit the device's MTU
	P4NI_TC_NO_ROOM,    // the kernel had no memory for head-room
	P4NI_TC_NOT_STORED, // head-room was made, but not written: the frame went out unreadable
	// XDP: stripped, not kept. 25 is reserved: earlier versions counted extended host records there.
	P4NI_XDP_NO_REQUEST = 26, // TCP segment without payload, or that opens or breaks a connection
	P4NI_XDP_RULED_OUT,       // its port's rule says so
	P4NI_XDP_REPEATED,        // TCP: what it carries came before
	P4NI_XDP_UNCLEAR,         // TCP: which reply would be its own is not clear
	P4NI_XDP_SUPERSEDED,      // on top: saved telemetry was dropped, a later segment stands for the same request
	// TC egress.
	P4NI_TC_NOT_DUE, // sent plain: TCP; what waits for its connection is not for this segment
	P4NI_TC_EXPIRED, // on top: telemetry was dropped that waited too long for a frame with room
	P4NI_TC_CLOSED,  // on top: telemetry was dropped, its connection ended or a new one began
	// XDP: stripped, not kept.
	P4NI_XDP_UNTRUSTED,     // telemetry of a source that is not believed
	P4NI_XDP_DAMAGED,       // no stack takes the packet: a checksum is wrong, or a length
	P4NI_XDP_OUT_OF_WINDOW, // TCP: the connection's socket does not take the segment
	P4NI_XDP_CONTESTED,     // a plain request with the same key is not answered yet
	P4NI_XDP_DISCARDED,     // on top: saved telemetry was dropped, a plain request with the same key came
	P4NI_REASONS
};

// In the order of the enumeration.
struct p4ni_counters {
	__u64 by_reason[P4NI_REASONS];
};

#endif
