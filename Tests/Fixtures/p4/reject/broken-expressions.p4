// SPDX-License-Identifier: Apache-2.0

header H { bit<8> a; bit<8> b; }
extern void f(in bit<8> a, in bit<8> b);

control C(inout H h) {
    apply {
        h.a = 1 + ;
        h.a = * 2;
        h.a = (1 + 2;
        h.a = h.b[7:;
        h.a = h.;
        f(1, );
        f(1 2);
        f(, 2);
        h.a = { 1, 2;
        h.a = { a = 1, 2 };
        h.a == 3;
        h.a + 1;
        h.a = 1 2;
        1 = h.a;
        f(1, 2) = 3;
        (bit<8> h.a = 1;
        h.a = bit<8>;
        h.a = h.b ? 1;
        h.a = 8w;
        h.a = 0xFG;
        foo bar baz;
        h.a = h.if;
        h.b = 3;
    }
}
