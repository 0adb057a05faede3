// SPDX-License-Identifier: Apache-2.0

// Values of more than 64 bits.

#include <core.p4>
#include <v1model.p4>

header operands_t { bit<128> a; bit<128> b; }
header results_t {
    bit<128> sum; bit<128> difference; bit<128> and_; bit<128> or_; bit<128> xor_; bit<128> not_; bit<128> negative;
    bit<128> left; bit<128> right; bit<64> middle; bit<96> upper; bit<8> byte; bit<192> joined; bit<128> patched;
    bit<128> widened; bit<128> chosen;
    bit<1> equal; bit<1> unequal; bit<1> less; bit<1> less_equal; bit<1> greater; bit<1> greater_equal; bit<2> zero;
}
struct headers_t { operands_t in_; results_t r; }
struct metadata_t { bit<128> kept; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.in_);
        transition select(hdr.in_.a) {
            0 &&& 0xF0000000000000000000000000000000: accept;
            0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF: mark;
            default: accept;
        }
    }
    state mark {
        meta.kept = 1;
        transition accept;
    }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    apply {
        bit<128> a = hdr.in_.a;
        bit<128> b = hdr.in_.b;
        hdr.r.setValid();
        hdr.r.sum = a + b;
        hdr.r.difference = a - b;
        hdr.r.and_ = a & b;
        hdr.r.or_ = a | b;
        hdr.r.xor_ = a ^ b;
        hdr.r.not_ = ~a;
        hdr.r.negative = -a;
        a = a << 4;
        hdr.r.left = a;
        a = hdr.in_.a;
        hdr.r.right = a >> 68;
        hdr.r.middle = a[95:32];
        hdr.r.upper = hdr.in_.a[127:32];
        hdr.r.byte = a[71:64];
        hdr.r.joined = a ++ b[63:0];
        bit<128> patched = a;
        patched[71:56] = 16w0xABCD;
        patched[7:0] = 8w0xEF;
        hdr.r.patched = patched + meta.kept;
        hdr.r.widened = (bit<128>) hdr.in_.b[31:0];
        hdr.r.chosen = a == b ? 1 : (a < b ? a : b);
        hdr.r.equal = (bit<1>) (a == b);
        hdr.r.unequal = (bit<1>) (a != b);
        hdr.r.less = (bit<1>) (a < b);
        hdr.r.less_equal = (bit<1>) (a <= b);
        hdr.r.greater = (bit<1>) (a > b);
        hdr.r.greater_equal = (bit<1>) (a >= b);
        standard_metadata.egress_spec = 1;
    }
}

#include "parts/rest.p4"
