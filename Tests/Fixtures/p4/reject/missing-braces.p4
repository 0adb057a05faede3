// SPDX-License-Identifier: Apache-2.0

header H {
    bit<8> a;

struct S {
    H h;
}

control C(inout S s) {
    apply {
        if (s.h.a == 1) {
            s.h.a = 2;
    }

@name("next")
control D(inout S s) {
    apply { s.h.a = ; }
}
}
const bit<8> last = ;
control E(inout S s) { apply {
