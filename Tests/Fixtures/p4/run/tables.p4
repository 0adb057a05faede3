// SPDX-License-Identifier: Apache-2.0

// Tables: match kinds, entries of the program and of the control plane, results of apply, bound arguments.

#include <core.p4>
#include <v1model.p4>

header request_t { bit<8> which; bit<32> key; bit<16> other; bit<8> answer; bit<8> extra; }
header absent_t { bit<32> key; }
struct headers_t { request_t request; absent_t absent; }
struct metadata_t { bit<8> scratch; bit<16> other; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.request);
        transition accept;
    }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    action answer(bit<8> value) { hdr.request.answer = value; }
    action answer_both(bit<8> value, bit<8> extra) {
        hdr.request.answer = value;
        hdr.request.extra = extra;
    }
    action bound(inout bit<8> place, in bit<8> offset, bit<8> value) { place = place + offset + value; }
    action leave() {
        hdr.request.answer = 0x1E;
        exit;
    }
    action maybe(bit<8> value) {
        if (value == 0) { return; }
        hdr.request.answer = value;
    }

    table exact_ {
        key = { hdr.request.key: exact; hdr.request.other: exact @name("other"); }
        actions = { answer; answer_both; leave; maybe; @defaultonly NoAction; }
    }
    table lpm_ {
        key = { hdr.request.key: lpm; }
        actions = { answer; }
        const default_action = answer(0xDD);
        const entries = {
            0x0A000000 &&& 0xFF000000: answer(8);
            0x0A0A0000 &&& 0xFFFF0000: answer(16);
            0x0A0A0A0A: answer(32);
        }
    }
    table ternary_ {
        key = { hdr.request.key: ternary; meta.other: exact; }
        actions = { answer; NoAction; }
        const entries = {
            (0x00000001 &&& 0x00000001, 5): answer(1);
            (0x00000003, 5): answer(2);
            (_, 5): answer(3);
        }
    }
    table range_ {
        key = { hdr.request.other: range; hdr.request.key: optional; }
        actions = { answer; }
        entries = {
            (10 .. 20, 7): answer(1);
            (5 .. 15, _): answer(2);
            (_, 9): answer(3);
        }
        default_action = answer(0);
    }
    table ranked {
        key = { hdr.request.key: ternary; }
        actions = { answer; }
        entries = {
            priority = 10: 1 &&& 1: answer(1);
            priority = 30: 2 &&& 2: answer(2);
            priority = 20: _: answer(3);
        }
    }
    table bound_ {
        key = { hdr.request.key: exact; }
        actions = { bound(hdr.request.answer, hdr.request.extra); }
        default_action = bound(hdr.request.answer, hdr.request.extra, 1);
        const entries = {
            7: bound(hdr.request.answer, hdr.request.extra, 10);
        }
    }
    table keyless {
        actions = { answer_both; NoAction; }
        default_action = answer_both(0x11, 0x22);
    }
    table invalid_key {
        key = { hdr.absent.key: exact; hdr.absent.isValid(): exact; hdr.request.key[7:0]: exact; }
        actions = { answer; NoAction; }
        const entries = { (0, false, 3): answer(0xAB); }
    }

    apply {
        standard_metadata.egress_spec = 1;
        meta.other = hdr.request.other;
        switch (hdr.request.which) {
            1: {
                if (exact_.apply().hit) { hdr.request.extra = 0xFF; }
            }
            2: { lpm_.apply(); }
            3: {
                if (!ternary_.apply().hit) { hdr.request.answer = 0x77; }
            }
            4: { range_.apply(); }
            5: { bound_.apply(); }
            6: { keyless.apply(); }
            7: {
                bool missed = invalid_key.apply().miss;
                hdr.request.extra = (bit<8>) (bit<1>) missed;
            }
            8: { ranked.apply(); }
        }
        hdr.request.which = 0x10;
    }
}

#include "parts/rest.p4"
