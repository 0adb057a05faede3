// SPDX-License-Identifier: Apache-2.0

// What a program that only has a parser P and an ingress I still needs. A program that brings its own egress E,
// or a verification V or computation C of checksums, defines OWN_EGRESS, OWN_VERIFY or OWN_COMPUTE.

#ifndef OWN_VERIFY
control V(inout headers_t hdr, inout metadata_t meta) { apply {} }
#endif
#ifndef OWN_EGRESS
control E(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) { apply {} }
#endif
#ifndef OWN_COMPUTE
control C(inout headers_t hdr, inout metadata_t meta) { apply {} }
#endif
control D(packet_out packet, in headers_t hdr) { apply { packet.emit(hdr); } }

V1Switch(P(), V(), I(), E(), C(), D()) main;
