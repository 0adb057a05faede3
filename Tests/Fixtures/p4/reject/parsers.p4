// SPDX-License-Identifier: Apache-2.0

// The graph of parser states, select and what a parser may do.

#include <core.p4>

header ethernet_t { bit<48> d; bit<48> s; bit<16> type; }
header options_t { bit<8> length; varbit<64> data; }
struct headers_t { ethernet_t ethernet; options_t options; ethernet_t[2] more; }

action nothing() {}

parser P(packet_in packet, out headers_t hdr, inout bit<8> count) {
    state start {
        packet.extract(hdr.ethernet);
        packet.extrct(hdr.ethernet);
        transition select(hdr.ethernet.type) {
            0x800: parse_ip;
            0x86DD: parse_ipv6;
            0x10000: accept;
            0x100 &&& true: accept;
            (1, 2): accept;
            default: reject;
            0x900: accept;
        }
    }
    state parse_ipv4 {
        transition select(hdr.ethernet.type, count) {
            (1, 2): accept;
            1: accept;
            (_, 1 .. 5): done;
            (default, true): accept;
        }
    }
    state parse_ipv4 { transition accept; }
    state accept { transition reject; }
    state done {
        nothing();
        transition select(5) { 5: accept; }
    }
    state other {
        count = count + hdr;
        transition select(hdr.ethernet) { default: accept; }
    }
}

parser Q(packet_in packet) {
    state begin { transition accept; }
}
