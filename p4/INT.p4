// SPDX-License-Identifier: Apache-2.0

// In-band network telemetry for requests and their replies, for v1model switches.
//
// A switch routes IPv4 and IPv6 by longest prefix. A request over UDP or TCP to a watched destination gets a shim from
// its INT source: the sending host, or the first switch whose policy samples it. Every switch on the request path and
// the return path pushes its hop record. The INT sink, the last switch before the client, sends a copy to the collector
// and forwards the packet without telemetry. docs/reference/wire-format.md shows the frame.
//
// Table entries choose at run time which packets carry telemetry, and at which level. Where they leave it open:
//
//   -D COLLECT_SIZE=1..6  the level of the shims that this switch inserts (default 2)
//   -D FREQ=MICROSECONDS  at most one shim in this period, per egress port (0: every packet gets one)
//   -D MAX_FRAME=BYTES    records that would make a frame longer are left out (default 1514)
//   -D REFERENCE_LEVEL=1..4  the level of reference frames, which do not carry it (default: as COLLECT_SIZE)

#include "INT_levels.p4"

#ifndef COLLECT_SIZE
#define COLLECT_SIZE 2
#endif
#if COLLECT_SIZE < 1 || COLLECT_SIZE > LEVEL_MAX
#error "COLLECT_SIZE is a level from 1 to 6"
#endif
#ifndef FREQ
#define FREQ 0
#endif
#ifndef MAX_FRAME
#define MAX_FRAME 1514
#endif

// The mirror session whose port leads to the collector.
#define REPORT_SESSION 500
#define FIELD_LIST_REPORT 1
#define MAX_PORTS 512

// Flows with state of their own, for policies that need it. Two flows with the same slot displace each other.
#define FLOW_SLOTS 8192

#include <core.p4>
#include <v1model.p4>
#include "INT_headers.p4"
#include "INT_reference.p4"
#include "INT_parser.p4"
#include "INT_flows.p4"
#include "INT_hosts.p4"
#include "INT_sampling.p4"
#include "INT_ingress.p4"
#include "INT_quantizers.p4"
#include "INT_records.p4"
#include "INT_reports.p4"
#include "INT_egress.p4"

V1Switch(
    INTParser(), INTVerifyChecksum(), INTIngress(), INTEgress(), INTComputeChecksum(), INTDeparser()
) main;
