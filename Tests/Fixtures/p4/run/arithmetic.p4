// SPDX-License-Identifier: Apache-2.0

// Every operator on narrow values. The packet brings two operands and takes the results.

#include <core.p4>
#include <v1model.p4>

header operands_t { bit<8> a; bit<8> b; }
header unsigned_t {
    bit<8> sum; bit<8> difference; bit<8> product; bit<8> quotient; bit<8> rest;
    bit<8> and_; bit<8> or_; bit<8> xor_; bit<8> not_; bit<8> negative;
    bit<8> left; bit<8> right; bit<8> saturated_sum; bit<8> saturated_difference;
    bit<1> less; bit<1> less_equal; bit<1> greater; bit<1> greater_equal; bit<1> equal; bit<1> unequal;
    bit<1> both; bit<1> either;
}
header signed_t {
    int<8> sum; int<8> product; int<8> right; int<8> saturated_sum; int<8> saturated_difference; int<16> wider;
    bit<1> less; bit<1> greater_equal; bit<6> padding;
}
header parts_t {
    bit<16> joined; bit<4> high; bit<4> low; bit<16> assembled; bit<8> chosen; bit<8> narrowed; bit<8> constant;
    bit<32> chained; bit<8> doubled; bit<8> halved; bit<8> remainder;
}
struct headers_t { operands_t in_; unsigned_t u; signed_t s; parts_t p; }
struct metadata_t { bit<8> scratch; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.in_);
        transition accept;
    }
}

bit<1> as_bit(in bool value) {
    return value ? 1w1 : 1w0;
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    bit<8> a = hdr.in_.a;
    bit<8> b = hdr.in_.b;

    apply {
        hdr.u.setValid();
        hdr.u.sum = a + b;
        hdr.u.difference = a - b;
        hdr.u.product = a * b;
        hdr.u.quotient = a / b;
        hdr.u.rest = a % b;
        hdr.u.and_ = a & b;
        hdr.u.or_ = a | b;
        hdr.u.xor_ = a ^ b;
        hdr.u.not_ = ~a;
        hdr.u.negative = -a;
        hdr.u.left = a << b;
        hdr.u.right = a >> (b & 7);
        hdr.u.saturated_sum = a |+| b;
        hdr.u.saturated_difference = b |-| a;
        hdr.u.less = as_bit(a < b);
        hdr.u.less_equal = as_bit(a <= b);
        hdr.u.greater = as_bit(a > b);
        hdr.u.greater_equal = as_bit(a >= b);
        hdr.u.equal = as_bit(a == b);
        hdr.u.unequal = as_bit(a != b);
        bool both = a > 1 && b > 1;
        bool either = a == 0 || !(b != 3);
        hdr.u.both = (bit<1>) both;
        hdr.u.either = (bit<1>) either;

        int<8> c = (int<8>) a;
        int<8> d = (int<8>) b;
        hdr.s.setValid();
        hdr.s.sum = c + d;
        hdr.s.product = c * d;
        hdr.s.right = c >> 2;
        hdr.s.saturated_sum = c |+| -100;
        hdr.s.saturated_difference = c |-| 100;
        hdr.s.wider = (int<16>) c;
        hdr.s.less = as_bit(c < d);
        hdr.s.greater_equal = as_bit(c >= d);

        hdr.p.setValid();
        hdr.p.joined = a ++ b;
        hdr.p.high = a[7:4];
        hdr.p.low = a[3:0];
        bit<16> assembled = 0;
        assembled[15:8] = b;
        assembled[3:0] = a[7:4];
        hdr.p.assembled = assembled;
        hdr.p.assembled[7:4] = 4w0xE;
        hdr.p.chosen = a > b ? a : b;
        bit<16> sum = (bit<16>) a + (bit<16>) b;
        hdr.p.narrowed = (bit<8>) (sum >> 1);
        hdr.p.constant = (8w3 + 5) * 2 - 1;
        hdr.p.chained = 2 + (bit<32>) a + 3 + 4;
        meta.scratch = a * 2;
        hdr.p.doubled = meta.scratch;
        meta.scratch = a / 4;
        hdr.p.halved = meta.scratch;
        meta.scratch = a % 16;
        hdr.p.remainder = meta.scratch;
        standard_metadata.egress_spec = 1;
    }
}

#include "parts/rest.p4"
