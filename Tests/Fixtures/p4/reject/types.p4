// SPDX-License-Identifier: Apache-2.0

// Expressions whose types don't fit.

#include <core.p4>

enum bit<8> protocol_t { tcp = 6, udp = 17 }
enum colour_t { red, green }
type bit<9> port_t;
struct pair_t { bit<8> a; bit<16> b; }
header h_t { bit<8> f; }
struct headers_t { h_t h; h_t[4] stack; }

control C(inout headers_t hdr, in bit<8> small, in bit<16> large, in int<8> number, in bool flag) {
    tuple<bit<8>, bool> pair = { 8, true };
    pair_t record = { 1, 2 };

    apply {
        bit<8> x = large;
        bit<8> y = small + large;
        bit<8> z = small + number;
        bool b = small;
        bool c = small && flag;
        bit<8> d = flag ? small : large;
        bit<16> e = small ++ 3;
        bit<8> f = small << number;
        bit<4> g = small[8:5];
        bit<4> h = small[2:5];
        bit<8> i = (bit<8>) flag;
        bit<16> j = (bit<16>) number;
        bit<8> k = -flag;
        bool l = small == large;
        bool m = hdr.h == record;
        colour_t n = 1;
        protocol_t o = 6;
        bit<8> p = protocol_t.tcp;
        port_t q = 9w3;
        pair_t r = { 1, 2, 3 };
        pair_t s = { a = 1, c = 2 };
        pair_t t = { a = 1 };
        pair_t u = { a = 1, b = true };
        bit<8> v = hdr.stack[4].f;
        bit<8> w = hdr.stack.next.f;
        bit<8> aa = small.f;
        bit<8> bb = pair[2];
        bit<8> cc = number / 8s2;
        bit<8> dd = small |+| 1;
        bit<8> ee = 300;
        bit<8> ff = 8w5 / 0;
        bit<8> hh = small / 0;
        bit<8> ii = small % 8w0;
        if (small) {}
        hdr.h = { true };
        if (number < small) {}
        bit<8> gg = "text";
    }
}
