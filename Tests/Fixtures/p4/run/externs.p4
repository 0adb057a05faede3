// SPDX-License-Identifier: Apache-2.0

// Registers, counters, meters, random numbers, hashes, truncate and the log.

#include <core.p4>
#include <v1model.p4>

header request_t { bit<8> what; bit<8> index; bit<16> value; }
header wide_t { bit<96> x; }
header digits_t { bit<72> text; }
header result_t { bit<64> x; }
struct headers_t { request_t r; wide_t wide; digits_t digits; result_t result; }
struct metadata_t { bit<2> colour; bit<16> kept; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.r);
        transition select(hdr.r.what) {
            0x10 .. 0x1F: digits;
            default: accept;
        }
    }
    state digits {
        packet.extract(hdr.digits);
        transition accept;
    }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    register<bit<16>>(4) cells;
    register<bit<96>>(2) wide_cells;
    register<bit<1>>(8) flags;
    counter(4, CounterType.packets_and_bytes) packets;
    meter(4, MeterType.packets) colours;
    direct_counter(CounterType.packets) hits;

    action seen() { hits.count(); }
    table counted {
        key = { hdr.r.index: exact; }
        actions = { seen; NoAction; }
        counters = hits;
        const entries = { 5: seen(); }
    }

    apply {
        standard_metadata.egress_spec = 1;
        bit<32> index = (bit<32>) hdr.r.index;
        bit<16> value;
        switch (hdr.r.what) {
            1: { cells.write(index, hdr.r.value); }
            2: {
                value = 0xEEEE;
                cells.read(value, index);
                hdr.r.value = value;
            }
            3: { cells.read(hdr.r.value, index); }
            4: {
                cells.read(meta.kept, (bit<32>) hdr.r.index[1:0]);
                meta.kept = meta.kept + 1;
                cells.write((bit<32>) hdr.r.index[1:0], meta.kept);
                hdr.r.value = meta.kept;
            }
            5: {
                hdr.wide.setValid();
                wide_cells.read(hdr.wide.x, 1);
                wide_cells.write(1, hdr.wide.x + 96w0x1_00000000_00000000);
            }
            6: {
                bit<1> flag;
                flags.read(flag, index);
                flags.write(index, ~flag);
                hdr.r.value = 15w0 ++ flag;
            }
            7: { packets.count(index); }
            8: {
                colours.execute_meter(index, meta.colour);
                hdr.r.value = (bit<16>) meta.colour;
            }
            9: {
                random(hdr.r.value, 7, 7);
            }
            10: {
                random(value, 3, 5);
                hdr.r.value = value >= 3 && value <= 5 ? 16w1 : 16w0;
            }
            11: { truncate(6); }
            12: { log_msg("index {} of {}", { hdr.r.index, value }); }
            13: { counted.apply(); }
            0x10: { hdr.result.setValid(); hash(hdr.result.x, HashAlgorithm.crc32, 32w0, { hdr.digits.text }, 64w0x100000000); }
            0x11: { hdr.result.setValid(); hash(hdr.result.x, HashAlgorithm.crc16, 16w0, { hdr.digits.text }, 32w0x10000); }
            0x12: { hdr.result.setValid(); hash(hdr.result.x, HashAlgorithm.csum16, 16w0, { hdr.digits.text }, 32w0x10000); }
            0x13: { hdr.result.setValid(); hash(hdr.result.x, HashAlgorithm.xor16, 16w0, { hdr.digits.text[71:8], hdr.digits.text[7:0] }, 32w0x10000); }
            0x14: { hdr.result.setValid(); hash(hdr.result.x, HashAlgorithm.identity, 16w1, { 8w0, hdr.r.index }, 32w10); }
            0x15: { hdr.result.setValid(); hash(hdr.result.x, HashAlgorithm.crc32, 8w9, { hdr.digits.text, hdr.wide.x }, 8w0); }
            0x16: { hdr.result.setValid(); hash(hdr.result.x, HashAlgorithm.crc32, 8w0, { hdr.wide, hdr.digits }, 64w0x100000000); }
        }
    }
}

#include "parts/rest.p4"
