// SPDX-License-Identifier: Apache-2.0

// Where a packet goes, and whether it starts to carry telemetry here.

#ifndef INT_INGRESS_P4
#define INT_INGRESS_P4

control INTIngress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    // Packets dropped here, by reason. Unparsed: neither IPv4 nor IPv6, or cut short, or telemetry that hides where
    // the IP header begins.
    const bit<32> DROPPED_UNPARSED = 0;
    const bit<32> DROPPED_CHECKSUM = 1;
    const bit<32> DROPPED_TTL = 2;
    const bit<32> DROPPED_NO_ROUTE = 3;
    counter(4, CounterType.packets) dropped;

    action drop_because(bit<32> reason) {
        mark_to_drop(standard_metadata);
        dropped.count(reason);
    }

    action drop() {
        drop_because(DROPPED_NO_ROUTE);
    }

    action route(bit<48> dst_addr, bit<9> port) {
        hdr.ethernet.src_addr = hdr.ethernet.dst_addr;
        hdr.ethernet.dst_addr = dst_addr;
        standard_metadata.egress_spec = port;
        meta.is_routed = 1;
    }

    action ipv4_forward(bit<48> dst_addr, bit<9> port) {
        route(dst_addr, port);
    }

    action ipv6_forward(bit<48> dst_addr, bit<9> port) {
        route(dst_addr, port);
    }

    // To the port as it is: for frames on their way to the collector.
    action relay(bit<9> port) {
        standard_metadata.egress_spec = port;
    }

    table ipv4_lpm {
        key = { hdr.ipv4.dst_addr: lpm; }
        actions = { ipv4_forward; relay; drop; }
        default_action = drop();
        size = 1024;
    }

    table ipv6_lpm {
        key = { hdr.ipv6.dst_addr: lpm; }
        actions = { ipv6_forward; relay; drop; }
        default_action = drop();
        size = 1024;
    }

    action watch() {
        meta.sampled = 1;
    }

    // Destinations that take the telemetry off a request and put it on the reply. Nothing else is ever tagged.
    table watchlist {
        key = { hdr.ipv4.dst_addr: lpm; }
        actions = { watch; NoAction; }
        default_action = NoAction();
        size = 1024;
    }

    table watchlist6 {
        key = { hdr.ipv6.dst_addr: lpm; }
        actions = { watch; NoAction; }
        default_action = NoAction();
        size = 1024;
    }

#if FREQ > 0
    // When each egress port last started telemetry. Only a packet that does start it moves the time on, so
    // that traffic faster than the period cannot starve the sampling.
    register<bit<48>>(MAX_PORTS) last_sample;
#endif

    apply {
        if (meta.is_internet == 0) {
            drop_because(DROPPED_UNPARSED);
        } else if (standard_metadata.checksum_error == 1) {
            drop_because(DROPPED_CHECKSUM);
        } else {
            if (hdr.ipv4.isValid()) {
                ipv4_lpm.apply();
                if (meta.is_routed == 1) {
                    if (hdr.ipv4.ttl <= 1) {
                        drop_because(DROPPED_TTL);
                        meta.is_routed = 0;
                    } else {
                        hdr.ipv4.ttl = hdr.ipv4.ttl - 1;
                    }
                }
            } else {
                ipv6_lpm.apply();
                if (meta.is_routed == 1) {
                    if (hdr.ipv6.hop_limit <= 1) {
                        drop_because(DROPPED_TTL);
                        meta.is_routed = 0;
                    } else {
                        hdr.ipv6.hop_limit = hdr.ipv6.hop_limit - 1;
                    }
                }
            }
            // A request: a datagram with a request id, or a segment with payload. The segment that opens a
            // connection and those that only acknowledge are none.
            if (meta.is_routed == 1 && !hdr.shim.isValid()
                && (hdr.datagram.isValid()
                    || (hdr.tcp.isValid() && hdr.tcp.synchronize == 0 && hdr.tcp.reset == 0 && hdr.tcp.data_offset >= 5
                        && meta.segment_bytes > (bit<16>) hdr.tcp.data_offset << 2))) {
                if (hdr.ipv4.isValid()) {
                    watchlist.apply();
                } else {
                    watchlist6.apply();
                }
#if FREQ > 0
                if (meta.sampled == 1) {
                    bit<32> port = (bit<32>) standard_metadata.egress_spec;
                    bit<48> last;
                    last_sample.read(last, port);
                    if (standard_metadata.ingress_global_timestamp - last >= FREQ) {
                        last_sample.write(port, standard_metadata.ingress_global_timestamp);
                    } else {
                        meta.sampled = 0;
                    }
                }
#endif
            }
        }
    }
}

#endif
