// SPDX-License-Identifier: Apache-2.0

// Of two entries, one would never match; the rest of the program is correct.

#include <core.p4>
#include <v1model.p4>

header h_t { bit<16> address; bit<8> kind; }
struct headers_t { h_t h; }
struct meta_t {}

parser P(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t standard) {
    state start { packet.extract(hdr.h); transition accept; }
}

control I(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t standard) {
    action forward(bit<9> port) { standard.egress_spec = port; }

    table exactly {
        key = { hdr.h.kind: exact; }
        actions = { forward; }
        const entries = { 1: forward(1); 2: forward(2); 8w1: forward(3); }
    }

    // The bits after a prefix do not distinguish entries.
    table longest {
        key = { hdr.h.address: lpm; hdr.h.kind: exact; }
        actions = { forward; }
        const entries = {
            (0x0A00 &&& 0xFF00, 1): forward(1);
            (0x0A01 &&& 0xFF00, 1): forward(2);
            (0x0A00 &&& 0xFF00, 2): forward(3);
        }
    }

    // Ordered entries may repeat a key: the first one wins.
    table ordered {
        key = { hdr.h.kind: ternary; }
        actions = { forward; }
        const entries = { 1: forward(1); 1: forward(2); }
    }

    apply {
        exactly.apply();
        longest.apply();
        ordered.apply();
    }
}

control E(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t standard) { apply {} }
control Sums(inout headers_t hdr, inout meta_t meta) { apply {} }
control D(packet_out packet, in headers_t hdr) { apply { packet.emit(hdr.h); } }

V1Switch(P(), Sums(), I(), E(), Sums(), D()) main;
