// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The four bytes that announce telemetry.

#ifndef P4NI_SHIM_H
#define P4NI_SHIM_H

#include "../include/p4ni_wire.h"

struct p4ni_shim {
	__u8 level;   // 0: a reference shim, see reference.h
	__u8 flags;   // P4NI_FLAG_…
	__u8 forward; // hop records of the request path
	__u8 count;   // hop records
};

_Static_assert(sizeof(struct p4ni_shim) == P4NI_SHIM_SIZE, "a shim is 4 bytes");

#endif
