// SPDX-License-Identifier: Apache-2.0
//
// The few things of libbpf that Swift cannot express.
#pragma once

#include <stddef.h>

// From now on, and for every thread, libbpf's warnings are kept for the thread they are made on instead of being
// written to standard error; what this thread has kept so far is forgotten. In C because the callback takes a va_list.
void p4ni_bpf_messages_start(void);

// The last 32 KiB of what was kept since, ending in a zero byte. Valid until this thread's next call of libbpf.
const char *p4ni_bpf_messages(void);
