// SPDX-License-Identifier: Apache-2.0

// Header stacks: a loop of states with next and last, indices that are constant and that aren't, push and pop.

#include <core.p4>
#include <v1model.p4>

header command_t { bit<8> what; bit<8> index; }
header label_t { bit<7> value; bit<1> bottom; }
struct headers_t { command_t command; label_t[4] labels; }
struct metadata_t { bit<32> last; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.command);
        transition labels;
    }
    state labels {
        packet.extract(hdr.labels.next);
        transition select(hdr.labels.last.bottom) {
            0: labels;
            1: count;
        }
    }
    state count {
        meta.last = hdr.labels.lastIndex;
        transition accept;
    }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    apply {
        bit<8> index = hdr.command.index;
        standard_metadata.egress_spec = 1;
        if (standard_metadata.parser_error == error.StackOutOfBounds) {
            standard_metadata.egress_spec = 2;
            return;
        }
        switch (hdr.command.what) {
            1: { hdr.labels[index].value = 0x55; }
            2: { hdr.command.index = (bit<8>) hdr.labels[index].value; }
            3: {
                hdr.labels.push_front(1);
                hdr.labels[0].setValid();
                hdr.labels[0].value = 0x2A;
            }
            4: { hdr.labels.pop_front(2); }
            5: { hdr.labels[2] = hdr.labels[0]; }
            6: { hdr.labels[index].setInvalid(); }
            7: { hdr.command.index = (bit<8>) meta.last; }
            8: { hdr.command.index = (bit<8>) hdr.labels.size; }
            9: { hdr.labels[index] = hdr.labels[0]; }
            10: { hdr.command.index = hdr.labels[index].isValid() ? 8w1 : 8w0; }
        }
    }
}

#include "parts/rest.p4"
