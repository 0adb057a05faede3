// SPDX-License-Identifier: Apache-2.0

// Names: unknown, misspelt, too early, twice.

#include <core.p4>

const bit<8> early = late + 1;
const bit<8> late = 2;

header ethernet_t {
    bit<48> destination;
    bit<48> source;
    bit<48> source;
}

struct headers_t {
    ethernet_t ethernet;
    ethernett_t other;
}

enum colour_t { red, green, red }

bit<8> twice(in bit<8> x) { return x * 2; }
bit<8> twice(in bit<8> x) { return x + x; }

control C(inout headers_t hdr, in bit<8> value) {
    bit<8> value2 = valeu;
    bit<8> counter = 0;
    bit<8> counter = 1;
    colour_t colour = colour_t.grene;
    error problem = error.PacketTooSort;

    action set(bit<48> address) {
        hdr.ethernet.destinaton = address;
        hdr.ethernt.source = address;
        bit<8> value = 4;
        later();
    }
    action later() {}

    apply {
        set(1);
        {
            bit<8> inner = 1;
        }
        inner = 2;
        .twice(value);
        .early2 = 3;
        hdr.ethernet.isValidd();
    }
}
