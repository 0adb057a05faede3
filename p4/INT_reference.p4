// SPDX-License-Identifier: Apache-2.0

// Frames in the format of the reference scripts: their shim says level 0. They do not carry their level, which is known
// by configuration, and they have no flags.

#ifndef INT_REFERENCE_P4
#define INT_REFERENCE_P4

// The largest level in this format.
#define REFERENCE_LEVEL_MAX 4

#ifndef REFERENCE_LEVEL
#if COLLECT_SIZE <= REFERENCE_LEVEL_MAX
#define REFERENCE_LEVEL COLLECT_SIZE
#else
#define REFERENCE_LEVEL 2
#endif
#endif

// The level of the records after a shim.
#define LEVEL_OF(shim) (shim.level == 0 ? (bit<8>) REFERENCE_LEVEL : shim.level)
#define HAS_FLAGS(shim) (shim.level != 0)

#endif
