// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What a server's host learns between its two hooks. Each program is loaded by itself if the kernel refuses one.

#include "breakdown_queue.bpf.c"
#include "breakdown_receive.bpf.c"
#include "breakdown_run.bpf.c"
#include "breakdown_send.bpf.c"
#include "breakdown_write.bpf.c"
#include "lib/license.h"
