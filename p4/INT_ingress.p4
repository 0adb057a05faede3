// SPDX-License-Identifier: Apache-2.0

// Routing, and the policy by which this switch adds its record.

#ifndef INT_INGRESS_P4
#define INT_INGRESS_P4

control INTIngress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    // Packets dropped here, by reason. Unparsed: neither IPv4 nor IPv6, or truncated, or with telemetry after which the
    // IP header cannot be found.
    const bit<32> DROPPED_UNPARSED = 0;
    const bit<32> DROPPED_CHECKSUM = 1;
    const bit<32> DROPPED_TTL = 2;
    const bit<32> DROPPED_NO_ROUTE = 3;
    counter(4, CounterType.packets) dropped;

    // Telemetry that a host had no right to send.
    counter(1, CounterType.packets) untrusted;

    Sampler() sampler;
    Strip() strip;
    HostProbes() host_probes;
    bit<32> ports;

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

    // Forwards the frame unchanged: for frames to the collector.
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

    // The port leads to a switch: all telemetry is accepted.
    action from_switch() {
        meta.arrival = ARRIVAL_SWITCH;
    }

    // The port leads to a host. Accepted is, of a registered INT source, telemetry that it begins, and of a registered
    // server, telemetry that it returns with its host record; from other hosts nothing.
    action from_host() {
        meta.arrival = ARRIVAL_HOST;
    }

    action from_source() {
        meta.arrival = ARRIVAL_SOURCE;
    }

    action from_server() {
        meta.arrival = ARRIVAL_SERVER;
    }

    table arrivals {
        key = { standard_metadata.ingress_port: exact; }
        actions = { from_switch; from_host; from_source; from_server; }
        default_action = from_host();
        size = MAX_PORTS;
    }

    // The policies: see docs/reference/int-p4.md. `level`: of a shim that this switch inserts; 0: COLLECT_SIZE.

    action decide_by(bit<3> policy, bit<8> level, bit<48> parameter) {
        meta.policy = policy;
        meta.policy_parameter = parameter;
        meta.level = hdr.shim.isValid() ? meta.level : level;
    }

    action watch() {
#if FREQ > 0
        decide_by(POLICY_PERIOD, 0, FREQ);
#else
        decide_by(POLICY_EVERY, 0, 0);
#endif
    }

    action never() {
        decide_by(POLICY_NONE, 0, 0);
    }

    action every(bit<8> level) {
        decide_by(POLICY_EVERY, level, 0);
    }

    action in_period(bit<8> level, bit<48> microseconds) {
        decide_by(POLICY_PERIOD, level, microseconds);
    }

    action one_in(bit<8> level, bit<32> packets) {
        decide_by(POLICY_ONE_IN, level, (bit<48>) packets);
    }

    action per_flow(bit<8> level, bit<32> packets) {
        decide_by(POLICY_FLOW, level, (bit<48>) packets);
    }

    action on_change(bit<8> level, bit<48> keep_alive) {
        decide_by(POLICY_CHANGE, level, keep_alive);
    }

    action by_flow() {
        decide_by(POLICY_BY_FLOW, 0, 0);
    }

    // Destinations that strip telemetry from requests and restore it on replies. Only requests to them get a shim.
    table watchlist {
        key = { hdr.ipv4.dst_addr: lpm; }
        actions = { watch; never; every; in_period; one_in; per_flow; on_change; by_flow; NoAction; }
        default_action = NoAction();
        size = 1024;
    }

    table watchlist6 {
        key = { hdr.ipv6.dst_addr: lpm; }
        actions = { watch; never; every; in_period; one_in; per_flow; on_change; by_flow; NoAction; }
        default_action = NoAction();
        size = 1024;
    }

    // Frames that carry telemetry already, by destination. Without an entry this switch adds its record to each.
    table followlist {
        key = { hdr.ipv4.dst_addr: lpm; }
        actions = { never; every; in_period; one_in; per_flow; on_change; by_flow; NoAction; }
        default_action = NoAction();
        size = 1024;
    }

    table followlist6 {
        key = { hdr.ipv6.dst_addr: lpm; }
        actions = { never; every; in_period; one_in; per_flow; on_change; by_flow; NoAction; }
        default_action = NoAction();
        size = 1024;
    }

    // Single flows to destinations whose action is `by_flow`.
    table flows {
        key = {
            hdr.ipv4.src_addr: exact;
            hdr.ipv4.dst_addr: exact;
            hdr.ipv4.protocol: exact;
            ports: exact;
        }
        actions = { never; every; in_period; one_in; per_flow; on_change; }
        default_action = never();
        size = 4096;
    }

    table flows6 {
        key = {
            hdr.ipv6.src_addr: exact;
            hdr.ipv6.dst_addr: exact;
            hdr.ipv6.next_header: exact;
            ports: exact;
        }
        actions = { never; every; in_period; one_in; per_flow; on_change; }
        default_action = never();
        size = 4096;
    }

    apply {
        if (hdr.shim.isValid() || hdr.probe.isValid()) {
            arrivals.apply();
        }
        if (meta.is_internet == 0) {
            if (hdr.probe.isValid()) {
                host_probes.apply(hdr, meta, standard_metadata);
            } else {
                drop_because(DROPPED_UNPARSED);
            }
        } else if (standard_metadata.checksum_error == 1) {
            drop_because(DROPPED_CHECKSUM);
        } else {
            if (hdr.shim.isValid() && meta.arrival != ARRIVAL_SWITCH
                && (meta.arrival == ARRIVAL_HOST
                || (meta.arrival == ARRIVAL_SOURCE && (hdr.shim.count != 0 || !hdr.source.isValid()
                    || hdr.host.isValid() || hdr.extended.isValid()))
                || (meta.arrival == ARRIVAL_SERVER && !hdr.host.isValid() && !hdr.extended.isValid()))) {
                untrusted.count(0);
                strip.apply(hdr);
                meta.decision = DECISION_NO;
                meta.level = 0;
            }
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
            // A request is a datagram with a request id, or a segment with payload: not the segment that opens a
            // connection, nor one that only acknowledges.
            if (meta.is_routed == 1
                && (hdr.shim.isValid() || hdr.datagram.isValid()
                    || (hdr.tcp.isValid() && hdr.tcp.synchronize == 0 && hdr.tcp.reset == 0 && hdr.tcp.data_offset >= 5
                        && meta.segment_bytes > (bit<16>) hdr.tcp.data_offset << 2))) {
                bool is_decided;
                if (hdr.ipv4.isValid()) {
                    if (hdr.shim.isValid()) {
                        is_decided = followlist.apply().hit;
                    } else {
                        is_decided = watchlist.apply().hit;
                    }
                } else {
                    if (hdr.shim.isValid()) {
                        is_decided = followlist6.apply().hit;
                    } else {
                        is_decided = watchlist6.apply().hit;
                    }
                }
                if (is_decided) {
                    if (meta.policy == POLICY_BY_FLOW) {
                        ports = ports_of(hdr.datagram, hdr.tcp);
                        if (hdr.ipv4.isValid()) {
                            flows.apply();
                        } else {
                            flows6.apply();
                        }
                    }
                    sampler.apply(hdr, meta, standard_metadata);
                }
            }
        }
    }
}

#endif
