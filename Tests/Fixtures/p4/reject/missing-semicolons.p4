// SPDX-License-Identifier: Apache-2.0
#include <core.p4>

const bit<8> A = 1
const bit<8> B = 2;

header H {
    bit<8> a
    bit<8> b;
}

control C(inout H h) {
    bit<8> local
    apply {
        h.a = 1
        h.b = 2;
        h.setValid()
    }
}
