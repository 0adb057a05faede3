// SPDX-License-Identifier: Apache-2.0

// What a frame looks like when it leaves: telemetry started, continued, or taken off.

#ifndef INT_EGRESS_P4
#define INT_EGRESS_P4

const bit<32> INSTANCE_TYPE_EGRESS_CLONE = 2;

// metadata_t.role
const bit<2> ROLE_TRANSIT = 0;
const bit<2> ROLE_SINK = 1;
const bit<2> ROLE_UNTOUCHED = 2;

control INTEgress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    // What became of the telemetry, in packets.
    const bit<32> STARTED = 0;
    const bit<32> RECORDED = 1;
    const bit<32> REPORTED = 2;
    const bit<32> NO_ROOM = 3;
    const bit<32> HOP_LIMIT = 4;
    const bit<32> MALFORMED = 5;
    counter(6, CounterType.packets) telemetry;

    // By port: packets that have left since its last telemetry, and when that was.
    register<bit<64>>(MAX_PORTS) packets_since_last;
    register<bit<48>>(MAX_PORTS) last_telemetry;

    HopRecord() hop_record;
    KeepAndStrip() keep_and_strip;
    TakeBack() take_back;
    ReportSize() report_size;

    bit<32> id = 0;
    bit<32> port = (bit<32>) standard_metadata.egress_port;
    bit<64> packets = 0;
    bit<48> last_time = 0;
    bit<32> added = 0;

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

    // The port leads to a client: telemetry is copied to the collector, and the packet leaves without it.
    action sink() {
        meta.role = ROLE_SINK;
    }

    // Frames leave as they are: for the way to the collector.
    action untouched() {
        meta.role = ROLE_UNTOUCHED;
    }

    table port_role {
        key = { standard_metadata.egress_port: exact; }
        actions = { transit; sink; untouched; }
        default_action = transit();
        size = MAX_PORTS;
    }

    action set_record_bytes(bit<16> bytes) {
        meta.record_bytes = bytes;
    }

    // Of the telemetry that starts here.
    table level_size {
        key = { meta.level: exact; }
        actions = { set_record_bytes; }
        const default_action = set_record_bytes(COMPACT_RECORD_BYTES);
        const entries = {
            1: set_record_bytes(9);
            2: set_record_bytes(36);
            3: set_record_bytes(72);
            4: set_record_bytes(43);
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
                if (hdr.shim.isValid() || meta.sampled == 1) {
                    if (meta.sampled == 1) {
                        meta.level = COLLECT_SIZE;
                        level_size.apply();
                        added = (bit<32>) (SHIM_BYTES + meta.record_bytes);
                    } else if (meta.level != 6 || hdr.shim.count == 0) {
                        added = (bit<32>) meta.record_bytes;
                    }
                    if (hdr.shim.isValid()
                        && (hdr.shim.count > MAX_HOPS || (hdr.shim.count == 0 && !hdr.source.isValid()))) {
                        telemetry.count(MALFORMED);
                    } else if (hdr.shim.isValid() && hdr.shim.count == MAX_HOPS) {
                        // A reference frame (level 0) has no flags to set.
                        if (hdr.shim.level != 0) {
                            hdr.shim.hop_limit = 1;
                        }
                        telemetry.count(HOP_LIMIT);
                    } else if (standard_metadata.packet_length > MAX_FRAME
                               || added > MAX_FRAME - standard_metadata.packet_length) {
                        if (hdr.shim.isValid() && hdr.shim.level != 0) {
                            hdr.shim.no_room = 1;
                        }
                        telemetry.count(NO_ROOM);
                    } else {
                        switch_id.apply();
                        last_telemetry.read(last_time, port);
                        if (meta.sampled == 1) {
                            insert_shim();
                            if (meta.level > 4 && hdr.ipv6.isValid()) {
                                hdr.shim.inner_ipv6 = 1;
                            }
                        }
                        hop_record.apply(hdr, meta, standard_metadata, id, packets, last_time);
                        packets = 0;
                        last_telemetry.write(port, standard_metadata.egress_global_timestamp);
                        telemetry.count(RECORDED);
                    }
                    if (meta.role == ROLE_SINK && hdr.shim.isValid()) {
                        report_size.apply(hdr, meta, meta.report_bytes);
                        keep_and_strip.apply(hdr);
                        telemetry.count(REPORTED);
                        clone_preserving_field_list(CloneType.E2E, REPORT_SESSION, FIELD_LIST_REPORT);
                    }
                }
                packets_since_last.write(port, packets);
            }
        }
    }
}

#endif
