// SPDX-License-Identifier: Apache-2.0

// The sink: it sends the telemetry to the collector in a copy of the packet, and strips it from the packet.

#ifndef INT_REPORTS_P4
#define INT_REPORTS_P4

// Saves the telemetry for the collector's copy and strips it from the packet. The copy (an E2E clone) is made of
// the packet at the end of egress, so what is stripped here has to be saved.
control KeepAndStrip(inout headers_t hdr) {
    Strip() strip;

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
        strip.apply(hdr);
    }
}

// The inverse, for the copy.
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

// Bytes of the frame up to the end of what identifies the request: a datagram's request id, or a segment's TCP
// header and the 4 bytes after it.
control ReportSize(in headers_t hdr, in metadata_t meta, out bit<32> size) {
    bit<16> bytes = ETHERNET_BYTES + SHIM_BYTES;

    apply {
        if (meta.level == LEVEL_CONSTANT) {
            if (hdr.shim.count != 0) {
                bytes = bytes + CONSTANT_BYTES;
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

// Whether a journey is reported: by default every one is. With `report_changes` it is if, since the flow's last
// report, the switch's latency, its queue's depth or the host's time changed by more than a threshold, or if that
// report is older than the keep-alive. The change is relative to the last report, not to the last packet: values that
// vary within a threshold are not reported, but a slow drift is.
control ReportFilter(
    in headers_t hdr, in standard_metadata_t standard_metadata, out bit<1> reports
) {
    register<bit<32>>(FLOW_SLOTS) reported_flow;
    register<bit<48>>(FLOW_SLOTS) reported_time;
    register<bit<48>>(FLOW_SLOTS) reported_latency;
    register<bit<32>>(FLOW_SLOTS) reported_depth;
    register<bit<64>>(FLOW_SLOTS) reported_host;
    FlowNumber() flow_number;

    bit<1> filters = 0;
    bit<48> latency_step = 0;
    bit<32> depth_step = 0;
    bit<64> host_step = 0;
    bit<48> longest = 0;

    bit<48> now = standard_metadata.egress_global_timestamp;
    bit<48> latency = standard_metadata.egress_global_timestamp - standard_metadata.ingress_global_timestamp;
    bit<32> depth = (bit<32>) standard_metadata.enq_qdepth;
    bit<64> host = hdr.host.isValid() ? hdr.host.time_reqs : (hdr.extended.isValid() ? hdr.extended.total : 64w0);
    bit<32> flow = 0;
    bit<32> slot = 0;
    bit<32> owner = 0;
    bit<48> last_time = 0;
    bit<48> last_latency = 0;
    bit<32> last_depth = 0;
    bit<64> last_host = 0;

    action report_all() {}

    // Microseconds, packets, nanoseconds, microseconds.
    action report_changes(
        bit<48> latency_threshold, bit<32> depth_threshold, bit<64> host_threshold, bit<48> keep_alive
    ) {
        filters = 1;
        latency_step = latency_threshold;
        depth_step = depth_threshold;
        host_step = host_threshold;
        longest = keep_alive;
    }

    table report_policy {
        key = { standard_metadata.egress_port: exact; }
        actions = { report_all; report_changes; }
        default_action = report_all();
        size = MAX_PORTS;
    }

    apply {
        reports = 1;
        report_policy.apply();
        if (filters == 1) {
            flow_number.apply(hdr, flow);
            slot = flow & (FLOW_SLOTS - 1);
            reported_flow.read(owner, slot);
            reported_time.read(last_time, slot);
            reported_latency.read(last_latency, slot);
            reported_depth.read(last_depth, slot);
            reported_host.read(last_host, slot);
            if (owner == (flow | 1) && now - last_time < longest
                && (latency > last_latency ? latency - last_latency : last_latency - latency) <= latency_step
                && (depth > last_depth ? depth - last_depth : last_depth - depth) <= depth_step
                && (host > last_host ? host - last_host : last_host - host) <= host_step) {
                reports = 0;
            } else {
                reported_flow.write(slot, flow | 1);
                reported_time.write(slot, now);
                reported_latency.write(slot, latency);
                reported_depth.write(slot, depth);
                reported_host.write(slot, host);
            }
        }
    }
}

#endif
