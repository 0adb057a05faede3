// SPDX-License-Identifier: Apache-2.0
#define SET(field, value) field = value;
#define BROKEN(x) (x

header H { bit<8> a; bit<8> b; }
control C(inout H h) {
    apply {
        SET(h.a, 1)
        SET(h.a, )
        SET(h.b, 1 +)
        h.a = BROKEN(2);
        SET(h.a)
        SET(h.b, BROKEN(h.a + 1))
    }
}
#if FOO
