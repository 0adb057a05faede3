// SPDX-License-Identifier: Apache-2.0

// What may be written to, and how arguments are passed.

#include <core.p4>

const bit<8> fixed = 3;
header h_t { bit<8> f; bit<8> g; }
struct headers_t { h_t h; }

void give(out bit<8> a) { a = 1; }
void change(inout bit<8> a) { a = a + 1; }
bit<8> sum(in bit<8> a, in bit<8> b) { return a + b; }
bit<8> wider(in bit<8> a = 1, in bit<8> b = 2) { return a + b; }
bit<8> nothing(in bit<8> a) { if (a == 0) { return 1; } }

control C(inout headers_t hdr, in bit<8> input, out bit<8> result)(bit<8> size) {
    action act(inout bit<8> a, bit<8> plain) {
        a = plain;
        plain = 2;
    }
    apply {
        fixed = 4;
        input = 5;
        size = 6;
        give(input);
        give(hdr.h.f + 1);
        change(3);
        change(_);
        result = sum(1);
        result = sum(1, 2, 3);
        result = sum(a = 1, c = 2);
        result = sum(a = 1, a = 2);
        result = sum(b = 1, a = 2);
        result = wider(b = 4);
        bit<16> wide = 0;
        change(wide);
        act(hdr.h.f, 3);
        act(hdr.h.f, true);
        result = give(hdr.h.f);
        hdr.h.setValid(1);
        return 4;
        break;
    }
}
