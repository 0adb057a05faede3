// SPDX-License-Identifier: Apache-2.0

// Clones, multicast, resubmit, recirculate and drop: what each copy carries.

#include <core.p4>
#include <v1model.p4>

header request_t { bit<8> what; bit<8> kept; bit<8> lost; bit<8> type; }
struct headers_t { request_t r; }
struct kept_t { bit<8> a; bit<8> b; }
struct metadata_t {
    @field_list(1) bit<8> kept;
    bit<8> lost;
    @field_list(2) kept_t both;
    bit<8> parsed;
}

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.r);
        transition accept;
    }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    apply {
        standard_metadata.egress_spec = 1;
        if (standard_metadata.instance_type != 0) {
            // A second pass.
            hdr.r.kept = meta.kept;
            hdr.r.lost = meta.lost;
            hdr.r.type = (bit<8>) standard_metadata.instance_type;
            standard_metadata.egress_spec = 2;
            return;
        }
        meta.kept = 0xAA;
        meta.lost = 0xBB;
        meta.both = { 0xC1, 0xC2 };
        switch (hdr.r.what) {
            1: { clone_preserving_field_list(CloneType.I2E, 5, 1); hdr.r.lost = 0x11; }
            2: { clone(CloneType.I2E, 5); }
            3: { clone_preserving_field_list(CloneType.I2E, 5, 2); }
            4: { standard_metadata.mcast_grp = 3; }
            5: { resubmit_preserving_field_list(1); }
            8: { mark_to_drop(standard_metadata); }
            9: { mark_to_drop(standard_metadata); standard_metadata.egress_spec = 4; }
            10: { clone_preserving_field_list(CloneType.I2E, 99, 1); }
        }
    }
}

control E(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    apply {
        bit<8> type = (bit<8>) standard_metadata.instance_type;
        if (type == 1 || type == 2 || type == 5) {
            hdr.r.type = type;
            hdr.r.kept = hdr.r.what == 3 ? meta.both.b : meta.kept;
            hdr.r.lost = meta.lost;
            if (type == 5) { hdr.r.what = (bit<8>) standard_metadata.egress_rid; }
            return;
        }
        if (hdr.r.what == 6) {
            clone_preserving_field_list(CloneType.E2E, 5, 1);
            hdr.r.lost = 0x22;
        }
        if (hdr.r.what == 7 && meta.lost == 0xBB) {
            hdr.r.type = 0x77;
            recirculate_preserving_field_list(1);
        }
        if (hdr.r.what == 11) { mark_to_drop(standard_metadata); }
    }
}

#define OWN_EGRESS
#include "parts/rest.p4"
