// SPDX-License-Identifier: Apache-2.0

// for, break, continue, compound assignment, nested switches.

#include <core.p4>
#include <v1model.p4>

header values_t { bit<8> what; bit<8> n; bit<16> sum; }
struct headers_t { values_t v; }
struct metadata_t {}

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.v);
        transition accept;
    }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    apply {
        standard_metadata.egress_spec = 1;
        bit<16> sum = 0;
        switch (hdr.v.what) {
            1: {
                for (bit<8> i = 0; i < hdr.v.n; i = i + 1) { sum += (bit<16>) i; }
            }
            2: {
                for (bit<8> i in 1 .. hdr.v.n) {
                    if (i == 3) { continue; }
                    if (i == 6) { break; }
                    sum = sum + (bit<16>) i;
                }
            }
            3: {
                // To the greatest value of the type, and no further.
                for (bit<8> i in 250 .. 255) { sum = sum + 1; }
            }
            4: {
                for (bit<8> i = 0; i < 3; i = i + 1) {
                    for (bit<8> j = 0; j < 10; j = j + 1) {
                        if (j > i) { break; }
                        sum += 1;
                    }
                }
            }
            5:
            6: { sum = 0x56; }
            default: {
                switch (hdr.v.n) {
                    1: { sum = 1; }
                    2: {}
                    default: { sum = 9; }
                }
            }
        }
        hdr.v.sum = sum;
    }
}

#include "parts/rest.p4"
