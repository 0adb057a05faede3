// SPDX-License-Identifier: Apache-2.0

// In-band network telemetry for requests and their replies, for v1model switches.
//
// A switch routes IPv4 and IPv6 by longest prefix. A request, over UDP or TCP, to a watched destination starts to
// carry telemetry at the first switch that samples it, or has a source record of the sending host already; every
// switch on its way, out and back, pushes a record of its own; the sink, the last switch before the client, sends a
// copy of it to the collector and the plain packet on. docs/reference/wire-format.md draws the frame.
//
// Which packets, and in what level, is chosen at run time by table entries. What entries leave open:
//
//   -D COLLECT_SIZE=1..6  the level of telemetry that this switch starts (default 2)
//   -D FREQ=MICROSECONDS  at most one packet in this period, an egress port, starts to carry telemetry (0: every one)
//   -D MAX_FRAME=BYTES    a record that would make a frame longer is left out (default 1514)
//   -D REFERENCE_LEVEL=1..4  the level of frames in the reference form, which do not tell theirs (default: as started)

#ifndef COLLECT_SIZE
#define COLLECT_SIZE 2
#endif
#if COLLECT_SIZE < 1 || COLLECT_SIZE > 6
#error "COLLECT_SIZE is a level from 1 to 6"
#endif
#ifndef REFERENCE_LEVEL
#if COLLECT_SIZE <= 4
#define REFERENCE_LEVEL COLLECT_SIZE
#else
#define REFERENCE_LEVEL 2
#endif
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

// Flows that are told apart, for policies that keep something of each. Two that share a slot take it from each other.
#define FLOW_SLOTS 8192

#include <core.p4>
#include <v1model.p4>
#include "INT_headers.p4"
#include "INT_parser.p4"
#include "INT_flows.p4"
#include "INT_sampling.p4"
#include "INT_ingress.p4"
#include "INT_quantizers.p4"
#include "INT_records.p4"
#include "INT_reports.p4"
#include "INT_egress.p4"

V1Switch(
    INTParser(), INTVerifyChecksum(), INTIngress(), INTEgress(), INTComputeChecksum(), INTDeparser()
) main;
