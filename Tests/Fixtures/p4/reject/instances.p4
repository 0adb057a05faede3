// SPDX-License-Identifier: Apache-2.0

// Objects: constructors, packages, type arguments.

#include <core.p4>
#include <v1model.p4>

struct headers_t {}
struct metadata_t { bit<8> x; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard) {
    state start { transition accept; }
}
control V(inout headers_t hdr, inout metadata_t meta) { apply {} }
control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard) {
    register<bit<8>>() no_size;
    register<bit<8>>(meta.x) not_constant;
    register<bit<8>, bool>(4) too_many;
    counter(4, CounterType.packet) misspelt;
    counter(4) too_few;
    packet_in packet;
    apply {
        bit<8> y;
        random(y, 1, 4);
        random(y, 16w1, 4);
        hash(y, HashAlgorithm.crc16, 8w0, { meta.x }, 8w4, 1);
        clone_preserving_field_list(CloneType.I2E, 5, meta.x);
        y = undefined_function(3);
    }
}
control Short(inout headers_t hdr) { apply {} }
control Other(inout headers_t hdr, in metadata_t meta) { apply {} }
control D(packet_out packet, in headers_t hdr) { apply { packet.emit(hdr); } }

V1Switch(P(), Other(), I(), I(), Short(), D()) main;
