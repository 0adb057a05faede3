// SPDX-License-Identifier: Apache-2.0
//
// What the benchmark measures against: programs that do nothing, and one that only strips.

#include "lib/ethernet.h"
#include <linux/bpf.h>

SEC("xdp.frags")
int p4ni_xdp_empty(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int p4ni_tc_empty(struct __sk_buff *skb)
{
	return -1;
}

char p4ni_license[] SEC("license") = "GPL";
