// SPDX-License-Identifier: Apache-2.0

// Programs of valid P4 that v1model, or this compiler, can't run.

#include <core.p4>
#include <v1model.p4>

header odd_t { bit<7> a; bit<16> b; }
header plain_t { bit<8> a; }
header options_t { bit<8> a; varbit<32> data; }
header early_t { varbit<32> data; bit<8> a; }
struct headers_t { plain_t plain; odd_t odd; options_t options; options_t more; early_t early; bit<8> number; }
struct metadata_t { bit<8> x; int<128> wide; }

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.options);
        packet.extract(hdr.plain, 32);
        packet.extract(hdr.number);
        hdr.options.data = hdr.more.data;
        transition accept;
    }
}
control V(inout headers_t hdr, inout metadata_t meta) {
    apply { update_checksum(true, { meta.x }, meta.x, HashAlgorithm.csum16); }
}
control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    action nothing() {}
    table two {
        key = { hdr.plain.a: lpm; meta.x: lpm; }
        actions = { nothing; }
    }
    table chosen {
        key = { hdr.plain.a: selector; }
        actions = { nothing; }
    }
    table masked {
        key = { hdr.plain.a: lpm; }
        actions = { nothing; }
        entries = { 1 &&& 1: nothing(); 1 .. 3: nothing(); }
    }
    apply {
        clone(CloneType.E2E, 5);
        recirculate_preserving_field_list(1);
        digest(1, meta.x);
        log_msg("{} and {}", { meta.x });
        verify_checksum(true, { meta.x }, meta.x, HashAlgorithm.csum16);
        hash(meta.x, HashAlgorithm.crc16, 8w0, { 1, meta.x }, 8w4);
        meta.wide = meta.wide * meta.wide;
        if (meta.wide < 0) {}
        two.apply();
        chosen.apply();
        masked.apply();
    }
}
control E(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) { apply {} }
control C(inout headers_t hdr, inout metadata_t meta) { apply {} }
control D(packet_out packet, in headers_t hdr) { apply { packet.emit(hdr.number); } }

V1Switch(P(), V(), I(), E(), C(), D()) main;
