// SPDX-License-Identifier: Apache-2.0
//
// What a server's host learns between its two hooks. Each program is loaded by itself if the kernel refuses one.

#include "split_queue.bpf.c"
#include "split_receive.bpf.c"
#include "split_run.bpf.c"
#include "split_send.bpf.c"
#include "split_write.bpf.c"

char p4ni_license[] SEC("license") = "GPL";
