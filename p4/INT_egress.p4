// SPDX-License-Identifier: Apache-2.0

// Telemetry of a frame that leaves: inserted, extended by a record, or stripped.

#ifndef INT_EGRESS_P4
#define INT_EGRESS_P4

const bit<32> INSTANCE_TYPE_EGRESS_CLONE = 2;

// metadata_t.role
const bit<2> ROLE_TRANSIT = 0;
const bit<2> ROLE_SINK = 1;
const bit<2> ROLE_UNTOUCHED = 2;
// Becomes one of the first two, by what the host at the port strips.
const bit<2> ROLE_HOST = 3;

control INTEgress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    // Packets, by what happened to their telemetry.
    const bit<32> STARTED = 0;
    const bit<32> RECORDED = 1;
    const bit<32> REPORTED = 2;
    const bit<32> NO_ROOM = 3;
    const bit<32> HOP_LIMIT = 4;
    const bit<32> MALFORMED = 5;
    const bit<32> SUPPRESSED = 6;
    counter(7, CounterType.packets) telemetry;

    // Per port with the role host: packets whose telemetry was stripped here, since the host is not known to strip it.
    counter(MAX_PORTS, CounterType.packets) stripped_for_host;

    // Per port: packets sent since its last telemetry, and the time of that.
    register<bit<64>>(MAX_PORTS) packets_since_last;
    register<bit<48>>(MAX_PORTS) last_telemetry;

    HopRecord() hop_record;
    HostStrips() host_strips;
    KeepAndStrip() keep_and_strip;
    TakeBack() take_back;
    ReportSize() report_size;
    ReportFilter() report_filter;
    ChangeDetector() change_detector;

    bit<32> id = 0;
    bit<32> port = (bit<32>) standard_metadata.egress_port;
    bit<64> packets = 0;
    // Set by the three tables of classes, where they are needed.
    class_limits_t limits = { 0, 0, 0, 0, 0, 0, 0, 0 };
    // Set by level_size.
    bit<1> is_chained;

    action set_switch_id(bit<32> switch_id) {
        id = switch_id;
    }

    table switch_id {
        actions = { set_switch_id; }
        default_action = set_switch_id(0);
    }

    action transit() {
        meta.role = ROLE_TRANSIT;
    }

    // The port leads to a client: telemetry goes to the collector in a copy, and is stripped from the packet.
    action sink() {
        meta.role = ROLE_SINK;
    }

    // The port leads to a host: what it is known to strip it gets, for the rest the switch is the sink.
    action host() {
        meta.role = ROLE_HOST;
    }

    // Frames leave unchanged: for the links to the collector.
    action untouched() {
        meta.role = ROLE_UNTOUCHED;
    }

    table port_role {
        key = { standard_metadata.egress_port: exact; }
        actions = { transit; sink; host; untouched; }
        default_action = transit();
        size = MAX_PORTS;
    }

    action set_queue_classes(bit<19> high, bit<19> critical) {
        limits.queue_high = high;
        limits.queue_critical = critical;
    }

    action set_length_classes(bit<32> low, bit<32> high, bit<32> critical) {
        limits.length_low = low;
        limits.length_high = high;
        limits.length_critical = critical;
    }

    action set_latency_classes(bit<48> low, bit<48> high, bit<48> critical) {
        limits.latency_low = low;
        limits.latency_high = high;
        limits.latency_critical = critical;
    }

    table queue_classes {
        key = { standard_metadata.egress_port: exact; }
        actions = { set_queue_classes; }
        default_action = set_queue_classes(8, 32);
        size = MAX_PORTS;
    }

    table length_classes {
        key = { standard_metadata.egress_port: exact; }
        actions = { set_length_classes; }
        default_action = set_length_classes(128, 512, 1024);
        size = MAX_PORTS;
    }

    table latency_classes {
        key = { standard_metadata.egress_port: exact; }
        actions = { set_latency_classes; }
        default_action = set_latency_classes(100, 1000, 10000);
        size = MAX_PORTS;
    }

    // `has_next`: its records end with next_proto.
    action set_layout(bit<16> bytes, bit<1> has_next) {
        meta.record_bytes = bytes;
        is_chained = has_next;
    }

    // The record size of a shim that this switch inserts.
    table level_size {
        key = { meta.level: exact; }
        actions = { set_layout; }
        const default_action = set_layout(COMPACT_BYTES, 0);
        const entries = {
            LEVEL_MINIMAL: set_layout(MINIMAL_BYTES, 1);
            LEVEL_STANDARD: set_layout(STANDARD_BYTES, 1);
            LEVEL_FULL: set_layout(FULL_BYTES, 1);
            LEVEL_DISCRETIZED: set_layout(DISCRETIZED_BYTES, 1);
            LEVEL_COMPACT: set_layout(COMPACT_BYTES, 0);
            LEVEL_CONSTANT: set_layout(CONSTANT_BYTES, 0);
        }
    }

    action insert_shim() {
        hdr.shim.setValid();
        hdr.shim.level = meta.level;
        hdr.ethernet.ether_type = ETHERTYPE_INT_SHIM;
        telemetry.count(STARTED);
    }

    apply {
        if (standard_metadata.instance_type == INSTANCE_TYPE_EGRESS_CLONE) {
            take_back.apply(hdr);
            truncate(meta.report_bytes);
        } else {
            port_role.apply();
            if (meta.role != ROLE_UNTOUCHED) {
                packets_since_last.read(packets, port);
                packets = packets + 1;
                if (meta.decision != DECISION_NO) {
                    if (!hdr.shim.isValid() && (meta.level == 0 || meta.level > LEVEL_MAX)) {
                        meta.level = COLLECT_SIZE;
                    }
                    // Applied once for both uses: a table of BMv2 has one successor.
                    if (meta.level == LEVEL_DISCRETIZED || meta.decision == DECISION_IF_CHANGED) {
                        queue_classes.apply();
                        if (meta.decision == DECISION_IF_CHANGED) {
                            latency_classes.apply();
                            bit<48> latency =
                                standard_metadata.egress_global_timestamp - standard_metadata.ingress_global_timestamp;
                            bit<4> class =
                                queue_class(standard_metadata.enq_qdepth, limits) ++ latency_class(latency, limits);
                            bit<2> decision;
                            change_detector.apply(hdr, meta, standard_metadata, class, decision);
                            meta.decision = decision;
                        }
                    }
                }
                if (meta.decision == DECISION_YES) {
                    bit<32> added = (bit<32>) meta.record_bytes;
                    if (!hdr.shim.isValid()) {
                        level_size.apply();
                        added = (bit<32>) (SHIM_BYTES + meta.record_bytes);
                    } else if (meta.level == LEVEL_CONSTANT && hdr.shim.count != 0) {
                        added = 0;
                    }
                    if (hdr.shim.isValid()
                        && (hdr.shim.count >= MAX_HOPS || (hdr.shim.count == 0 && !hdr.source.isValid()))) {
                        if (hdr.shim.count != MAX_HOPS) {
                            telemetry.count(MALFORMED);
                        } else {
                            if (HAS_FLAGS(hdr.shim)) {
                                hdr.shim.hop_limit = 1;
                            }
                            telemetry.count(HOP_LIMIT);
                        }
                    } else if (standard_metadata.packet_length + added > MAX_FRAME) {
                        if (hdr.shim.isValid() && HAS_FLAGS(hdr.shim)) {
                            hdr.shim.no_room = 1;
                        }
                        telemetry.count(NO_ROOM);
                    } else {
                        switch_id.apply();
                        bit<48> last_time;
                        last_telemetry.read(last_time, port);
                        if (!hdr.shim.isValid()) {
                            insert_shim();
                            if (is_chained == 0 && hdr.ipv6.isValid()) {
                                hdr.shim.inner_ipv6 = 1;
                            }
                        }
                        if (meta.level == LEVEL_DISCRETIZED) {
                            length_classes.apply();
                        }
                        hop_record.apply(hdr, meta, standard_metadata, limits, id, packets, last_time);
                        packets = 0;
                        last_telemetry.write(port, standard_metadata.egress_global_timestamp);
                        telemetry.count(RECORDED);
                    }
                }
                if (meta.role != ROLE_TRANSIT && hdr.shim.isValid()) {
                    if (meta.role == ROLE_HOST) {
                        bit<1> strips;
                        host_strips.apply(hdr, standard_metadata, strips);
                        if (strips == 1) {
                            meta.role = ROLE_TRANSIT;
                        } else {
                            meta.role = ROLE_SINK;
                            stripped_for_host.count(port);
                        }
                    }
                    if (meta.role == ROLE_SINK) {
                        bit<1> reports;
                        report_filter.apply(hdr, standard_metadata, reports);
                        if (reports == 1) {
                            bit<32> report_bytes;
                            report_size.apply(hdr, meta, report_bytes);
                            meta.report_bytes = report_bytes;
                            telemetry.count(REPORTED);
                            clone_preserving_field_list(CloneType.E2E, REPORT_SESSION, FIELD_LIST_REPORT);
                        } else {
                            telemetry.count(SUPPRESSED);
                        }
                        keep_and_strip.apply(hdr);
                    }
                }
                packets_since_last.write(port, packets);
            }
        }
    }
}

#endif
