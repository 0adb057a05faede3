// SPDX-License-Identifier: Apache-2.0

// Structures, lists, tuples, enums, errors, header assignment and comparison, unions, generic structures.

#include <core.p4>
#include <v1model.p4>

typedef bit<8> byte_t;
type bit<16> token_t;
enum colour_t { red, green, blue }
enum bit<8> code_t { low = 0x10, high = 0xF0 }

header values_t { bit<8> what; bit<8> a; bit<8> b; bit<8> c; }
header one_t { bit<8> x; }
header two_t { bit<8> x; bit<8> y; }
header_union either_t { one_t one; two_t two; }
struct nested_t { bit<4> high; bit<4> low; }
header structured_t { nested_t n; code_t code; }
struct headers_t { values_t v; values_t other; either_t either; structured_t s; }
struct pair_t { bit<8> first; bit<8> second; }
struct outer_t { pair_t pair; bool flag; colour_t colour; }
struct box_t<T> { T value; bit<8> count; }
struct metadata_t { outer_t outer; outer_t saved; tuple<bit<8>, bit<16>> t; token_t token; }

const pair_t FIXED = { 0x21, 0x43 };

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.v);
        transition select(hdr.v.what) {
            20 .. 29: union;
            default: accept;
        }
    }
    state union {
        transition select(hdr.v.a) {
            1: one;
            default: two;
        }
    }
    state one { packet.extract(hdr.either.one); transition accept; }
    state two { packet.extract(hdr.either.two); transition accept; }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    apply {
        standard_metadata.egress_spec = 1;
        bit<8> a = hdr.v.a;
        bit<8> b = hdr.v.b;
        pair_t p = { a, b };
        switch (hdr.v.what) {
            1: {
                p = { p.second, p.first };
                hdr.v.a = p.first;
                hdr.v.b = p.second;
            }
            2: {
                meta.outer = { { a, b }, a > b, colour_t.blue };
                meta.saved = meta.outer;
                meta.outer.pair = { second = 1, first = 2 };
                hdr.v.a = meta.outer.pair.first;
                hdr.v.b = meta.outer.pair.second;
                hdr.v.c = meta.saved.pair.first + meta.saved.pair.second;
                if (meta.saved.flag && meta.saved.colour == colour_t.blue && meta.outer != meta.saved) {
                    hdr.v.c = hdr.v.c + 0x80;
                }
            }
            3: {
                if (p == { 1, 2 }) { hdr.v.c = 0x33; }
                if (p == FIXED) { hdr.v.c = FIXED.second; }
            }
            4: { hdr.other = { 4, a, b, 9 }; }
            5: {
                hdr.other = hdr.v;
                hdr.other.c = (bit<8>) (bit<1>) (hdr.other == hdr.v);
            }
            6: {
                hdr.other = hdr.v;
                hdr.other.a = 0xA0;
                hdr.v.c = (bit<8>) (bit<1>) (hdr.other == hdr.v);
            }
            7: {
                // Neither of two headers that aren't valid equals the other.
                hdr.v.c = (bit<8>) (bit<1>) (hdr.other == hdr.other);
            }
            8: {
                meta.t = { a, a ++ b };
                hdr.v.a = meta.t[0] + 1;
                hdr.v.b = meta.t[1][15:8];
            }
            9: {
                code_t code = (code_t) a;
                if (code == code_t.high) { hdr.v.b = code_t.low; } else { hdr.v.b = code + 1; }
            }
            10: {
                meta.token = (token_t) (a ++ b);
                token_t other = meta.token;
                if (other == (token_t) 16w0x0102) { hdr.v.c = ((bit<16>) other)[7:0]; }
            }
            11: {
                box_t<pair_t> box = { { a, b }, 3 };
                hdr.v.a = box.value.second * box.count;
            }
            12: {
                hdr.s = { { 4w0xC, 4w0x3 }, code_t.high };
                hdr.s.n.low = a[3:0];
            }
            13: {
                error problem = error.NoMatch;
                if (problem == error.NoMatch && standard_metadata.parser_error == error.NoError) { hdr.v.a = 0xEE; }
            }
            14: {
                values_t local;
                local.setValid();
                local.a = 1;
                local.what = 0x14;
                if (local.isValid()) { hdr.other = local; }
                hdr.v.setInvalid();
            }
            15: {
                hdr.other = hdr.v;
                hdr.v = (values_t) {#};
                if (!hdr.v.isValid()) { hdr.other.what = 0x51; }
            }
            16: {
                byte_t late;
                if (a > 4) { late = 1; }
                hdr.v.c = late;
            }
            20: { hdr.v.c = (bit<8>) (bit<1>) hdr.either.isValid() + (bit<8>) (bit<1>) hdr.either.one.isValid(); }
            21: { hdr.either.two.setValid(); hdr.either.two.y = 7; }
            22: { hdr.either.one = { 0x66 }; }
            23: { hdr.either.two.setInvalid(); hdr.v.c = (bit<8>) (bit<1>) hdr.either.isValid(); }
        }
    }
}

#include "parts/rest.p4"
