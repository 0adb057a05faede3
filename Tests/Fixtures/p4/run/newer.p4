// SPDX-License-Identifier: Apache-2.0

// The later dialect of v1model, with an index type; direct meters; checksums over the payload; keys that are
// constants; arguments that change what other arguments name.

#define V1MODEL_VERSION 20200408
#include <core.p4>
#include <v1model.p4>

header udp_t { bit<16> source; bit<16> destination; bit<16> length; bit<16> checksum; }
struct headers_t { udp_t udp; }
struct metadata_t { bit<2> colour; }

typedef bit<5> index_t;

bit<16> bump(inout bit<16> x) {
    x = x + 1;
    return x;
}
bit<16> pair(in bit<16> x, in bit<16> y) { return (x << 8) | y; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.udp);
        transition accept;
    }
}

control V(inout headers_t hdr, inout metadata_t meta) {
    apply {
        verify_checksum_with_payload(hdr.udp.checksum != 0,
            { hdr.udp.source, hdr.udp.destination, hdr.udp.length }, hdr.udp.checksum, HashAlgorithm.csum16);
    }
}

control Constant(in bit<8> key, inout bit<16> result) {
    action set(bit<16> value) { result = value; }
    table constants {
        key = { key: exact; }
        actions = { set; NoAction; }
        const entries = { 4: set(0x4444); }
    }
    apply { constants.apply(); }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    register<bit<16>, index_t>(32) cells;
    counter<index_t>(32, CounterType.bytes) bytes;
    direct_meter<bit<2>>(MeterType.packets) colours;
    Constant() constant;

    action coloured() { colours.read(meta.colour); }
    table metered {
        key = { hdr.udp.source: exact; }
        actions = { coloured; NoAction; }
        meters = colours;
        const entries = { 7: coloured(); }
    }

    apply {
        PortId_t port = standard_metadata.checksum_error == 1 ? (PortId_t) 2 : 1;
        standard_metadata.egress_spec = port;
        meta.colour = 3;
        metered.apply();
        bytes.count(1);
        cells.write(2, hdr.udp.source);
        bit<16> x;
        cells.read(x, 2);
        switch (hdr.udp.destination) {
            1: { hdr.udp.source = x + (bit<16>) meta.colour; }
            2: { constant.apply(4, hdr.udp.source); }
            3: { hdr.udp.source = pair(x, bump(x)); }
            4: { hdr.udp.source = x + bump(x); }
        }
    }
}

control C(inout headers_t hdr, inout metadata_t meta) {
    apply {
        update_checksum_with_payload(true,
            { hdr.udp.source, hdr.udp.destination, hdr.udp.length }, hdr.udp.checksum, HashAlgorithm.csum16);
    }
}

#define OWN_VERIFY
#define OWN_COMPUTE
#include "parts/rest.p4"
