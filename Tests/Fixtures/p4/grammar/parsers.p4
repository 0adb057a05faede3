// SPDX-License-Identifier: Apache-2.0
// Parsers, states, selects, value sets, packages.

error { NoError, Bad }
extern packet_in { void extract<T>(out T h); T lookahead<T>(); void advance(in bit<32> n); }
extern void verify(in bool check, in error e);
header E { bit<48> d; bit<48> s; bit<16> t; }
header O { bit<8> n; varbit<320> data; }
struct Hs { E e; E[3] stack; O o; }
struct Key { bit<16> a; bit<8> b; }
enum bit<16> Ether { ipv4 = 0x800, ipv6 = 0x86dd }

parser Sub(packet_in b, inout Hs h)(bit<16> kind, bit<8> limit = 8) {
    state start { transition accept; }
}

@name("parse.main")
parser P<M>(packet_in b, out Hs h, inout M m) {
    const bit<16> IPV4 = 0x800;
    bit<8> count = 0;
    value_set<bit<16>>(4) types;
    @size_hint(1) value_set<tuple<bit<16>, bit<8>>>(16) pairs;
    value_set<Key>(IPV4 + 1) keys;
    Sub(16w3) sub;
    Sub(kind = 3, limit = _) named;

    @name("begin") state start {
        b.extract(h.e);
        transition select(h.e.t) {
            IPV4: one;
            Ether.ipv6: two;
            0x8100 &&& 0xFFF0: stack;
            1 .. 100: accept;
            (16w0x88A8): stack;
            (0x9000 &&& 0xF000): stack;
            (IPV4 + 1) << 1: stack;
            (bit<16>) 8w3: stack;
            types: three;
            _: four;
        }
    }
    state one {
        transition select(h.e.t, b.lookahead<bit<8>>()) {
            (IPV4, 1): accept;
            (0x800 &&& 0xF00, 2 .. 3): two;
            (_, 7): two;
            (default, _): three;
            pairs: four;
            _: accept;
            default: reject;
        }
    }
    state two {
        bit<8> first = b.lookahead<bit<8>>();
        tuple<bit<8>, bit<16>> both = b.lookahead<tuple<bit<8>, bit<16>>>();
        const bit<8> k = 3;
        verify(first == k, error.Bad);
        b.extract<E>(h.stack.next);
        b.advance((bit<32>)(h.o.n << 3));
        b.extract(_);
        if (first > 3) { count = count + 1; } else count = 0;
        { count = 3; ; }
        sub.apply(b, h);
        Sub.apply(b, h);
        transition stack;
    }
    state stack {
        b.extract(h.stack.next);
        transition select(h.stack.last.t, h.stack.lastIndex) {
            (0x8100, 0 .. 1): stack;
            default: accept;
        }
    }
    state three { transition accept; }
    state four { }
}

parser Sole(packet_in b, out Hs h);
control Pipe(inout Hs h);
package Switch(Sole p, Pipe c, tuple<bit<8>, bool> extra);
parser SoleParser(packet_in b, out Hs h) { state start { transition reject; } }
control PipeControl(inout Hs h) { apply { } }
Switch(SoleParser(), PipeControl(), { 1, true }) first;
@main Switch(p = SoleParser(), c = PipeControl(), extra = { 1, false }) main;
