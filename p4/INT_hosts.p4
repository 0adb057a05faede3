// SPDX-License-Identifier: Apache-2.0

// What this switch knows of the hosts at its ports: which of them strip telemetry, and whose telemetry it accepts.
//
// A packet generator (a port of the switch, or whatever sends the frame) delivers a tick once per second. The switch
// turns it into a probe to each port of a multicast group. A host whose programs strip telemetry answers; others ignore
// the frame. An answer counts for ANSWER_LIFETIME, so a host is known to strip only as long as it does.

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

// metadata_t.arrival: whose telemetry is accepted where the frame came in.
const bit<2> ARRIVAL_HOST = 0;
const bit<2> ARRIVAL_SOURCE = 1;
const bit<2> ARRIVAL_SERVER = 2;
const bit<2> ARRIVAL_SWITCH = 3;

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
