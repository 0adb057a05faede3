// SPDX-License-Identifier: Apache-2.0
//
// The object that is loaded on a server: both programs in one unit, so that they share the maps.

#include "tc_restore.bpf.c"
#include "xdp_strip.bpf.c"

char p4ni_license[] SEC("license") = "GPL";
