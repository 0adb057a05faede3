// SPDX-License-Identifier: Apache-2.0

// Functions, actions called by name, controls and parsers inside others: how arguments go in and come out.

#include <core.p4>
#include <v1model.p4>

header values_t { bit<8> what; bit<8> a; bit<8> b; bit<8> c; }
header tail_t { bit<8> x; }
struct headers_t { values_t v; tail_t tail; tail_t second; }
struct pair_t { bit<8> first; bit<8> second; }
struct metadata_t { bit<8> seen; pair_t pair; }

// Copies in, copies out: with one variable for both, the last parameter's copy stays.
void increase(inout bit<8> x, inout bit<8> y) {
    x = x + 1;
    y = y + 2;
    x = x + y;
}
bit<8> greatest(in bit<8> x, in bit<8> y) {
    if (x > y) { return x; }
    return y;
}
T chosen<T>(in bool first, in T x, in T y) { return first ? x : y; }
pair_t swapped(in pair_t p) { return { p.second, p.first }; }
bit<8> seven() { return 7; }
void give(out bit<8> x) { x = 0x42; }
bit<8> factor(in bit<8> x, in bit<8> y = 3) { return x * y; }
bit<8> factor(in bit<8> x, in bit<8> y, in bit<8> z) { return x * y * z; }

parser Tail(packet_in packet, out tail_t tail)(bit<8> expected) {
    state start {
        packet.extract(tail);
        transition select(tail.x) {
            expected: accept;
            default: other;
        }
    }
    state other {
        tail.x = tail.x + 1;
        transition accept;
    }
}

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    Tail(0x10) tail;
    Tail(0x20) second;
    state start {
        packet.extract(hdr.v);
        tail.apply(packet, hdr.tail);
        second.apply(packet, hdr.second);
        meta.seen = 1;
        transition accept;
    }
}

control Adder(inout bit<8> x, in bit<8> y)(bit<8> offset) {
    bit<8> local = 1;
    action add(bit<8> n) { x = x + n + y; }
    table amounts {
        key = { y: exact; }
        actions = { add; NoAction; }
        const entries = { 3: add(10); }
    }
    apply {
        if (offset == 0) {
            x = 0xE0;
            return;
        }
        local = local + offset;
        x = x + local;
        amounts.apply();
    }
}

control Plain(inout bit<8> x) {
    apply { x = x ^ 0xFF; }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    Adder(5) adder;
    Adder(0) nothing;
    Plain() plain;

    action twice(inout bit<8> x) {
        // Sees the header while it holds a copy of its field.
        x = x + 1;
        hdr.v.a = 0x30;
        x = x + 1;
    }
    action outer(in bit<8> n) {
        twice(hdr.v.b);
        hdr.v.c = n;
    }
    action leave(inout bit<8> x) {
        x = 0x99;
        exit;
    }

    apply {
        standard_metadata.egress_spec = 1;
        bit<8> a = hdr.v.a;
        switch (hdr.v.what) {
            1: { increase(hdr.v.a, hdr.v.b); }
            2: { increase(a, a); hdr.v.a = a; }
            3: { hdr.v.c = greatest(hdr.v.a, hdr.v.b); }
            4: { hdr.v.c = greatest(greatest(hdr.v.a, hdr.v.b), hdr.v.c) + seven(); }
            5: { hdr.v.c = chosen(hdr.v.a == 1, hdr.v.b, 9); }
            6: {
                meta.pair = { hdr.v.a, hdr.v.b };
                meta.pair = swapped(meta.pair);
                hdr.v.a = meta.pair.first;
                hdr.v.b = meta.pair.second;
            }
            7: { twice(hdr.v.a); }
            8: { outer(hdr.v.a); }
            9: { adder.apply(hdr.v.a, hdr.v.b); adder.apply(hdr.v.c, 4); }
            10: { nothing.apply(hdr.v.a, hdr.v.b); }
            11: { plain.apply(hdr.v.a); plain.apply(hdr.v.b); Plain.apply(hdr.v.c); }
            12: { leave(hdr.v.a); }
            13: { give(hdr.v.a); give(hdr.v.b[7:0]); give(_); }
            14: { hdr.v.a = factor(hdr.v.a); hdr.v.b = factor(y = hdr.v.b, x = 2); hdr.v.c = factor(1, 2, hdr.v.c); }
            15: { hdr.v.c = hdr.v.a + chosen(true, greatest(hdr.v.a, hdr.v.b), 1) * 2; }
        }
        hdr.v.what = meta.seen;
    }
}

#include "parts/rest.p4"
