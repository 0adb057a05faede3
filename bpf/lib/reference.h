// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The reference format, as an adapter: all that distinguishes its frames from ours. Its shim is one 32-bit count, in
// the network's byte order. Read as a shim of ours, that is a level of 0, no flags, no forward count, and the count.
// The shim does not say which level its records have: the agent configures it. A host record is announced by next_proto
// alone and has 18 bytes: the format's readers know no other.

#ifndef P4NI_REFERENCE_H
#define P4NI_REFERENCE_H

#include "maps.h"
#include "shim.h"

static __always_inline int p4ni_is_reference_shim(const struct p4ni_shim *shim)
{
	return shim->level == 0;
}

// Whether saved telemetry, or the frame at hand, has the reference format.
static __always_inline int p4ni_is_reference(__u32 form)
{
	return form & P4NI_FORM_REFERENCE;
}

// The level of a frame's records; `form` gets the frame's format.
static __always_inline __u32 p4ni_level_of(const struct p4ni_shim *shim, __u16 *form)
{
	int is_reference = p4ni_is_reference_shim(shim);

	*form = is_reference ? P4NI_FORM_REFERENCE : 0;
	return is_reference ? p4ni_config.reference_level : shim->level;
}

// Whether the count of a reference shim has a bit in its upper bytes, which are the flags and the forward count of a
// shim of ours: it is then far too large.
static __always_inline int p4ni_is_reference_count_too_large(const struct p4ni_shim *shim)
{
	return p4ni_is_reference_shim(shim) && (shim->flags | shim->forward);
}

// Whether the flags of the shim must agree with next_proto: a reference shim has no flags.
static __always_inline int p4ni_has_flags(__u32 form)
{
	return !p4ni_is_reference(form);
}

// Whether a host record may be an extended one. `legacy` makes every host record one of 18 bytes.
static __always_inline int p4ni_allows_extended(__u32 form)
{
	return !p4ni_config.legacy && !p4ni_is_reference(form);
}

// Completes the shim of a reply. A reference shim stays as it is, a count.
static __always_inline void p4ni_complete_shim(struct p4ni_shim *shim, __u32 form)
{
	if (p4ni_is_reference(form))
		return;
	shim->flags |= P4NI_FLAG_HOST_RECORD;
	shim->forward = shim->count;
}

#endif
