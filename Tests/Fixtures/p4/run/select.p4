// SPDX-License-Identifier: Apache-2.0

// Transitions: values, masks, ranges, several keys, enums, lookahead, advance, verify, states that loop.

#include <core.p4>
#include <v1model.p4>

error { Forbidden }

enum bit<8> kind_t { plain = 1, masked = 2, ranged = 3, pair = 4, ahead = 5, skip = 6, verified = 7, loop = 8, none = 9 }

header first_t { kind_t kind; bit<8> x; bit<8> y; }
header peek_t { bit<4> high; bit<12> low; bit<16> more; }
header result_t { bit<8> value; }
struct headers_t { first_t first; result_t result; }
struct metadata_t { bit<8> value; bit<8> rounds; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.first);
        meta.value = 0xFF;
        transition select(hdr.first.kind) {
            kind_t.plain: plain;
            kind_t.masked: masked;
            kind_t.ranged: ranged;
            kind_t.pair: pair;
            kind_t.ahead: ahead;
            kind_t.skip: skip;
            kind_t.verified: verified;
            kind_t.loop: loop;
            kind_t.none: none;
        }
    }
    state plain {
        transition select(hdr.first.x) {
            0: one;
            0xFF: two;
            default: three;
        }
    }
    state masked {
        transition select(hdr.first.x) {
            0x10 &&& 0xF0: one;
            0x0F &&& 0x01: two;
            _: three;
        }
    }
    state ranged {
        transition select(hdr.first.x) {
            0 .. 9: one;
            10 .. 20: two;
            default: three;
        }
    }
    state pair {
        transition select(hdr.first.x, hdr.first.y) {
            (1, _): one;
            (_, 1 .. 2): two;
            (3 &&& 3, 5): three;
            default: accept;
        }
    }
    state ahead {
        meta.value = (bit<8>) packet.lookahead<peek_t>().high;
        transition select(packet.lookahead<bit<16>>()) {
            0xABCD: three;
            default: accept;
        }
    }
    state skip {
        packet.advance((bit<32>) hdr.first.x);
        packet.extract(hdr.result);
        transition accept;
    }
    state verified {
        verify(hdr.first.x > hdr.first.y, error.Forbidden);
        meta.value = 7;
        transition accept;
    }
    state loop {
        meta.rounds = meta.rounds + 1;
        transition select(meta.rounds == hdr.first.x) {
            true: done;
            false: loop;
        }
    }
    state done {
        meta.value = meta.rounds;
        transition accept;
    }
    state none {
        transition select(hdr.first.x) {
            1: one;
        }
    }
    state one { meta.value = 1; transition accept; }
    state two { meta.value = 2; transition accept; }
    state three { meta.value = 3; transition accept; }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    apply {
        standard_metadata.egress_spec = 1;
        hdr.first.y = meta.value;
        if (standard_metadata.parser_error == error.Forbidden) {
            standard_metadata.egress_spec = 2;
        } else if (standard_metadata.parser_error == error.PacketTooShort) {
            standard_metadata.egress_spec = 3;
        } else if (standard_metadata.parser_error != error.NoError) {
            standard_metadata.egress_spec = 4;
        }
    }
}

#include "parts/rest.p4"
