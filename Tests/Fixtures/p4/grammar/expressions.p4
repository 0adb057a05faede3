// SPDX-License-Identifier: Apache-2.0
// Every operator, literal and initialiser.

struct S { bit<8> a; bit<16> b; }
struct P { S s; bit<8> c; }
struct G<T> { T t; }
header H { bit<8> x; }
enum E { one, two }
enum bit<4> V { zero = 0, five = 4w5 }
error { NoError, Odd }
extern bit<8> f<T>(in T value);
extern bit<8> g<T, U>(in T first, in U second);
extern bool both(in bool a, in bool b);
extern Obj<T> { Obj(bit<8> n); R m<R>(in T value); bit<8> n(); }

const bit<8> d0 = 10;
const bit<8> d1 = 1_0;
const bit<8> d2 = 8w10;
const bit<8> d3 = 8w0b0000_1010;
const bit<8> d4 = 8w0o12;
const bit<8> d5 = 8w0xA;
const bit<8> d6 = 8w0d10;
const int<8> d7 = 8s0b111;
const int d8 = 0xFFFF_FFFF_FFFF_FFFF_FFFF;
const bit<8> d9 = 0X0a;
const int d10 = 0B1010;
const bool t0 = true;
const bool t1 = !false;

const int e0 = 1 + 2 * 3 - 4 / 2 % 3;
const int e1 = -(+1) - -1;
const bit<8> e2 = ~8w1 & 8w2 | 8w3 ^ 8w4;
const bit<8> e3 = 8w1 |+| 8w2 |-| 8w3;
const bit<16> e4 = 8w1 ++ 8w2;
const bit<8> e5 = 8w1 << 2 >> 1;
const bool e6 = 1 < 2 && 2 <= 3 || 3 > 2 && 3 >= 2;
const bool e7 = 1 == 1 && 1 != 2;
const bit<8> e8 = e7 ? 8w1 : e6 ? 8w2 : 8w3;
const bit<8> e9 = (bit<8>)16w0x1234;
const bit<8> e10 = (bit<8>)(bit<16>)-1;
const bit<4> e11 = d0[7:4];
const bit<4> e12 = d0[4+:4];
const bit<1> e13 = (d0 + d1)[0:0];
const bit<8> e14 = (bit<8>)d0 + (bit<(4 + 4)>) d1;
const bool e15 = (d0) == d1;

const S s0 = { 1, 2 };
const S s1 = { a = 1, b = 2 };
const S s2 = (S) { a = 1, b = 2, };
const S s3 = { a = 1, ... };
const S s4 = ...;
const S s5 = { 1, ... };
const S s6 = {...};
const P s7 = { s = { a = 1, b = 2 }, c = 3 };
const P s8 = { { 1, 2 }, 3 };
const G<bit<8>> s9 = (G<bit<8>>) { t = 1 };
const H h0 = {#};
const H h1 = (H) {#};
const tuple<bit<8>, bool> u0 = { 8w1, true };
const tuple<> u1 = {};
const list<S> l0 = { { 1, 2 }, { 3, 4 }, };

const E n0 = E.one;
const V n1 = V.five;
const V n2 = (V) 4w0;
const error n3 = error.Odd;
const E n4 = .E.two;
const bit<8> n5 = .d0;

control C(inout S s, in bit<8> a, in bit<8> b, in bit<8> c) {
    Obj<bit<8>>(8) obj;
    apply {
        bit<8> x = f<bit<8>>(a);
        x = f(a);
        x = g<bit<8>, tuple<bit<8>, list<bool>>>(a, { b, { true } });
        x = g<_, bit<8>>(a, b);
        x = obj.m<bit<8>>(a);
        x = obj.n();
        bool y = a < b;
        y = both(a < b, c > (d0));
        y = a < b && c > d0;
        y = both(a = a < b, b = true);
        x = a >> 1;
        x = a << (b >> 2);
        x = s.a;
        s.b[7:0] = a;
        s.b[15:8] = s.b[7:0];
        x = { a, b }[0];
        x = (s).a;
        x = Obj<bit<8>>(1).n();
        g(_, a);
    }
}
