// SPDX-License-Identifier: Apache-2.0

// What the sink does: the telemetry goes to the collector with a copy of the packet, and the packet on without it.

#ifndef INT_REPORTS_P4
#define INT_REPORTS_P4

// Telemetry aside, for the collector's copy, and off the packet. The copy is made of what the packet is
// when egress ends (an E2E clone), so what the packet loses here has to stay somewhere.
control KeepAndStrip(inout headers_t hdr) {
    apply {
        hdr.kept_shim = hdr.shim;
        hdr.kept_hop1 = hdr.hop1;
        hdr.kept_hop2 = hdr.hop2;
        hdr.kept_hop3 = hdr.hop3;
        hdr.kept_hop4 = hdr.hop4;
        hdr.kept_hop5 = hdr.hop5;
        hdr.kept_older = hdr.older;
        hdr.kept_oldest = hdr.oldest;
        hdr.kept_source = hdr.source;
        hdr.kept_host = hdr.host;
        hdr.kept_extended = hdr.extended;
        hdr.shim.setInvalid();
        hdr.hop1.setInvalid();
        hdr.hop2.setInvalid();
        hdr.hop3.setInvalid();
        hdr.hop4.setInvalid();
        hdr.hop5.setInvalid();
        hdr.older.setInvalid();
        hdr.oldest.setInvalid();
        hdr.source.setInvalid();
        hdr.host.setInvalid();
        hdr.extended.setInvalid();
        hdr.ethernet.ether_type = hdr.ipv6.isValid() ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
    }
}

// The inverse, in the copy.
control TakeBack(inout headers_t hdr) {
    apply {
        hdr.shim = hdr.kept_shim;
        hdr.hop1 = hdr.kept_hop1;
        hdr.hop2 = hdr.kept_hop2;
        hdr.hop3 = hdr.kept_hop3;
        hdr.hop4 = hdr.kept_hop4;
        hdr.hop5 = hdr.kept_hop5;
        hdr.older = hdr.kept_older;
        hdr.oldest = hdr.kept_oldest;
        hdr.source = hdr.kept_source;
        hdr.host = hdr.kept_host;
        hdr.extended = hdr.kept_extended;
        hdr.ethernet.ether_type = ETHERTYPE_INT_SHIM;
    }
}

// Bytes of the frame up to the end of what tells which request it is: a datagram's request id, a segment's TCP
// header and the 4 bytes behind it.
control ReportSize(in headers_t hdr, in metadata_t meta, out bit<32> size) {
    bit<16> bytes = ETHERNET_BYTES + SHIM_BYTES;

    apply {
        if (meta.level == 6) {
            if (hdr.shim.count != 0) {
                bytes = bytes + COMPACT_RECORD_BYTES;
            }
        } else {
            bytes = bytes + (bit<16>) hdr.shim.count * meta.record_bytes;
        }
        if (hdr.source.isValid()) {
            bytes = bytes + SOURCE_RECORD_BYTES;
        }
        if (hdr.host.isValid()) {
            bytes = bytes + HOST_RECORD_BYTES;
        }
        if (hdr.extended.isValid()) {
            bytes = bytes + EXTENDED_RECORD_BYTES;
        }
        if (hdr.ipv6.isValid()) {
            bytes = bytes + IPV6_BYTES;
        } else {
            bytes = bytes + ((bit<16>) hdr.ipv4.ihl << 2);
        }
        if (hdr.tcp.isValid()) {
            bytes = bytes + ((bit<16>) hdr.tcp.data_offset << 2) + REQUEST_ID_BYTES;
        } else {
            bytes = bytes + DATAGRAM_BYTES;
        }
        size = (bit<32>) bytes;
    }
}

#endif
