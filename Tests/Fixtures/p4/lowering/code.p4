// SPDX-License-Identifier: Apache-2.0

// What code should look like: results computed in place, comparisons and branches in one, no idle copies.

#include <core.p4>
#include <v1model.p4>

header ipv4_t { bit<4> version; bit<4> ihl; bit<8> ttl; bit<16> checksum; bit<32> source; bit<32> destination; }
struct headers_t { ipv4_t ipv4; ipv4_t other; }
struct metadata_t { bit<8> x; bit<8> y; bit<16> key; }

bool is_plain(in ipv4_t h) { return h.ihl == 5 && h.version == 4; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.ipv4);
        verify(hdr.ipv4.version == 4, error.NoMatch);
        transition select(hdr.ipv4.ttl) {
            0: reject;
            1 &&& 1: odd;
            default: even;
        }
    }
    state odd { meta.x = 1; transition accept; }
    state even { transition accept; }
}

control V(inout headers_t hdr, inout metadata_t meta) {
    apply {
        verify_checksum(hdr.ipv4.isValid(),
            { hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.ttl, hdr.ipv4.source, hdr.ipv4.destination },
            hdr.ipv4.checksum, HashAlgorithm.csum16);
    }
}

control Switched(inout metadata_t meta)(bool on, bit<8> amount) {
    apply {
        if (on) { meta.y = meta.y + amount * 2; } else { meta.y = 0; }
    }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    Switched(true, 4) on;
    Switched(false, 4) off;
    register<bit<8>>(256) cells;
    action set(bit<8> value) { meta.x = value; }
    table slots {
        key = { meta.key: exact; }
        actions = { set; NoAction; }
    }
    apply {
        // Constants and metadata are operands themselves; the result goes where it belongs.
        meta.x = meta.y + 1;
        meta.x = (meta.y & 3) ^ meta.x;
        hdr.ipv4.ttl = hdr.ipv4.ttl - 1;
        if (meta.x == 3 && meta.y != 4 || hdr.ipv4.ttl == 0) { meta.x = 0; }
        if (meta.x & 0x80 == 0x80) { meta.x = 1; }
        if (is_plain(hdr.ipv4)) { meta.x = 2; }
        if (false) { meta.x = 9; }
        // Never assigned before the read, which always succeeds.
        bit<8> old;
        cells.read(old, (bit<32>) meta.x);
        cells.write((bit<32>) meta.x, old + 1);
        hdr.other = hdr.ipv4;
        // The key lies in a slot already.
        if (slots.apply().hit) { meta.y = 1; }
        on.apply(meta);
        off.apply(meta);
        meta.key = hdr.ipv4.destination[15:0];
        meta.x = meta.x * 8;
    }
}

control E(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) { apply {} }
control C(inout headers_t hdr, inout metadata_t meta) { apply {} }
control D(packet_out packet, in headers_t hdr) { apply { packet.emit(hdr); } }

V1Switch(P(), V(), I(), E(), C(), D()) main;
