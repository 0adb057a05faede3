// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE // vasprintf
#include "CBPFShims.h"

#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 32 << 10 };

static __thread char kept[KEPT + 1];
static __thread size_t length;

// A verifier log can be megabytes long and says what matters in its last lines.
static void keep(const char *text, size_t size) {
    if (size > KEPT) {
        text += size - KEPT;
        size = KEPT;
    }
    if (length + size > KEPT) {
        size_t dropped = length + size - KEPT;
        memmove(kept, kept + dropped, length - dropped);
        length -= dropped;
    }
    memcpy(kept + length, text, size);
    length += size;
    kept[length] = 0;
}

static int forward(enum libbpf_print_level level, const char *format, va_list arguments) {
    char *text = NULL;
    if (level == LIBBPF_DEBUG) return 0;
    int size = vasprintf(&text, format, arguments);
    if (size > 0) keep(text, (size_t)size);
    if (size >= 0) free(text);
    return size;
}

void p4ni_bpf_messages_start(void) {
    length = 0;
    kept[0] = 0;
    libbpf_set_print(forward);
}

const char *p4ni_bpf_messages(void) { return kept; }
