// SPDX-License-Identifier: Apache-2.0

// What this switch knows of the hosts at its ports: which of them strip telemetry, and whose telemetry it accepts.
//
// A packet generator (a port of the switch, or whatever sends the frame) delivers a tick once per second. The switch
// turns it into a probe to each port of a multicast group. A host whose programs strip telemetry answers; others ignore
// the frame. An answer counts for ANSWER_LIFETIME and for the address that it came from, so a host is known to strip only as
// long as it does. A host that is
// an INT source probes in its turn, and the switch answers.

#ifndef INT_HOSTS_P4
#define INT_HOSTS_P4

// Ticks, and the news that a port is down, are accepted from this port only.
#define GENERATOR_PORT 510
// The multicast group of the ports that lead to hosts.
#define PROBE_GROUP 1
// Microseconds.
#define ANSWER_LIFETIME 3000000

// int_probe_t.kind
const bit<8> PROBE_TICK = 0;
const bit<8> PROBE_REQUEST = 1;
const bit<8> PROBE_ANSWER = 2;
const bit<8> PROBE_PORT_DOWN = 3;

// int_probe_t.capabilities
const bit<8> STRIPS_REQUESTS = 0x01;
const bit<8> STRIPS_REPLIES = 0x02;
// Of a switch's answer to a host: it accepts the telemetry of the host's requests.
const bit<8> CARRIES_REQUESTS = 0x04;

// metadata_t.arrival: whose telemetry is accepted where the frame came in.
const bit<2> ARRIVAL_HOST = 0;
const bit<2> ARRIVAL_SOURCE = 1;
const bit<2> ARRIVAL_SERVER = 2;
const bit<2> ARRIVAL_SWITCH = 3;

// When the host at a port last answered that it strips the telemetry of requests (port * 2) and of replies
// (port * 2 + 1), in microseconds; 0: never, or no longer. At the top level, since ingress writes it and egress reads it.
register<bit<48>>(MAX_PORTS * 2) answered;

// The address that the last answer at a port came from: it says nothing of another host that took its place, or is at the
// same port.
register<bit<48>>(MAX_PORTS) answering;

// Notes what probes bring. A tick goes on, as a probe to each host. An answer has done its work and goes to the packet
// generator, where frames end without being counted as dropped. Other frames are dropped.
control HostProbes(inout headers_t hdr, in metadata_t meta, inout standard_metadata_t standard_metadata) {
    bit<32> first = 0;
    bit<48> requests = 0;
    bit<48> replies = 0;
    bit<48> asking = hdr.ethernet.src_addr;

    apply {
        if (standard_metadata.ingress_port == GENERATOR_PORT && hdr.probe.kind == PROBE_TICK) {
            hdr.probe.kind = PROBE_REQUEST;
            standard_metadata.mcast_grp = PROBE_GROUP;
        } else {
            if (standard_metadata.ingress_port == GENERATOR_PORT) {
                first = ((bit<32>) hdr.probe.port & (MAX_PORTS - 1)) << 1;
                answered.write(first, 0);
                answered.write(first + 1, 0);
                standard_metadata.egress_spec = GENERATOR_PORT;
            } else if (hdr.probe.kind == PROBE_ANSWER) {
                first = (bit<32>) standard_metadata.ingress_port << 1;
                if ((hdr.probe.capabilities & STRIPS_REQUESTS) != 0) {
                    requests = standard_metadata.ingress_global_timestamp;
                }
                if ((hdr.probe.capabilities & STRIPS_REPLIES) != 0) {
                    replies = standard_metadata.ingress_global_timestamp;
                }
                answered.write(first, requests);
                answered.write(first + 1, replies);
                answering.write((bit<32>) standard_metadata.ingress_port, asking);
                standard_metadata.egress_spec = GENERATOR_PORT;
            } else if (hdr.probe.kind == PROBE_REQUEST) {
                hdr.ethernet.src_addr = hdr.ethernet.dst_addr;
                hdr.ethernet.dst_addr = asking;
                hdr.probe.kind = PROBE_ANSWER;
                hdr.probe.capabilities =
                    meta.arrival == ARRIVAL_SOURCE || meta.arrival == ARRIVAL_SWITCH ? CARRIES_REQUESTS : 8w0;
                standard_metadata.egress_spec = standard_metadata.ingress_port;
            } else {
                mark_to_drop(standard_metadata);
            }
        }
    }
}

// Whether the host at the port that a frame leaves by is known to strip what the frame carries.
control HostStrips(in headers_t hdr, in standard_metadata_t standard_metadata, out bit<1> strips) {
    bit<48> answer = 0;
    bit<48> host = 0;
    bit<32> place = (bit<32>) standard_metadata.egress_port << 1;

    apply {
        if (hdr.host.isValid() || hdr.extended.isValid()) {
            place = place + 1;
        }
        answered.read(answer, place);
        answering.read(host, (bit<32>) standard_metadata.egress_port);
        strips = 0;
        if (answer != 0 && standard_metadata.egress_global_timestamp - answer < ANSWER_LIFETIME
            && host == hdr.ethernet.dst_addr) {
            strips = 1;
        }
    }
}

// Strips the telemetry of a frame.
control Strip(inout headers_t hdr) {
    apply {
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

#endif
