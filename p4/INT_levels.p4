// SPDX-License-Identifier: Apache-2.0

// The levels of telemetry: their numbers, and the bytes of one record. INT_headers.p4 has the records. A test compares
// both with the table of levels in Sources/TelemetryFormats.

#ifndef INT_LEVELS_P4
#define INT_LEVELS_P4

#define LEVEL_MAX 6
// Of all levels.
#define MAX_RECORD_BYTES 72

const bit<8> LEVEL_MINIMAL = 1;
const bit<8> LEVEL_STANDARD = 2;
const bit<8> LEVEL_FULL = 3;
const bit<8> LEVEL_DISCRETIZED = 4;
const bit<8> LEVEL_COMPACT = 5;
const bit<8> LEVEL_CONSTANT = 6;

const bit<16> MINIMAL_BYTES = 9;
const bit<16> STANDARD_BYTES = 36;
const bit<16> FULL_BYTES = 72;
const bit<16> DISCRETIZED_BYTES = 43;
const bit<16> COMPACT_BYTES = 6;
const bit<16> CONSTANT_BYTES = 6;

#endif
