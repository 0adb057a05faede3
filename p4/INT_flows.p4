// SPDX-License-Identifier: Apache-2.0

// The number of a flow: a hash of its addresses, protocol and ports.

#ifndef INT_FLOWS_P4
#define INT_FLOWS_P4

// The parameters are single headers: a compiler that copies arguments would copy all of headers_t.
bit<32> ports_of(in datagram_t datagram, in tcp_t tcp) {
    return datagram.isValid()
        ? datagram.src_port ++ datagram.dst_port
        : (tcp.isValid() ? tcp.src_port ++ tcp.dst_port : 32w0);
}

control FlowNumber(in headers_t hdr, out bit<32> flow) {
    bit<32> ports = ports_of(hdr.datagram, hdr.tcp);

    apply {
        if (hdr.ipv6.isValid()) {
            hash(
                flow, HashAlgorithm.crc32, 32w0,
                { hdr.ipv6.src_addr, hdr.ipv6.dst_addr, hdr.ipv6.next_header, ports }, 64w0x100000000);
        } else {
            hash(
                flow, HashAlgorithm.crc32, 32w0,
                { hdr.ipv4.src_addr, hdr.ipv4.dst_addr, hdr.ipv4.protocol, ports }, 64w0x100000000);
        }
    }
}

#endif
