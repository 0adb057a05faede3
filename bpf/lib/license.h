// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The licence of an object, as the kernel reads it. Helpers that the programs call (bpf_probe_read_user,
// bpf_ktime_get_tai_ns, bpf_skc_to_tcp_sock and others) are for GPL-compatible programs only. The kernel knows six
// texts for such programs: "GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL" and "Dual
// MPL/GPL" (include/linux/license.h). None of them names Apache-2.0. "GPL and additional rights" is the one that is
// true: the GPL, version 2, or, as an additional right, the Apache licence.

#ifndef P4NI_LICENSE_H
#define P4NI_LICENSE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char p4ni_license[] SEC("license") = "GPL and additional rights";

#endif
