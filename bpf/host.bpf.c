// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The object that is loaded on a server: both programs in one unit, so that they share the maps.

#include "tc_restore.bpf.c"
#include "tc_answer.bpf.c"
#include "xdp_strip.bpf.c"
#include "lib/license.h"
