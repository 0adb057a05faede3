// SPDX-License-Identifier: Apache-2.0

// The v1model architecture: one parser, checksum verification, ingress, egress, checksum update, deparser.
// Two dialects exist. From V1MODEL_VERSION 20200408 on, the index of counters, meters and registers is a type
// parameter, and ports have a type of their own name; the older one is the default.

#ifndef P4NETINTEL_V1MODEL_P4
#define P4NETINTEL_V1MODEL_P4

#ifndef V1MODEL_VERSION
#define V1MODEL_VERSION 20180101
#endif

#include <core.p4>

match_kind {
    range,      // from a lower to an upper bound, both included
    optional,   // equal, or any value
    selector    // no comparison: an input of the hash by which an action_selector chooses
}

const bit<32> __v1model_version = V1MODEL_VERSION;

#if V1MODEL_VERSION >= 20200408
typedef bit<9> PortId_t;
#endif

// What a program knows of a packet, and what it decides about it.
@metadata @name("standard_metadata")
struct standard_metadata_t {
#if V1MODEL_VERSION >= 20200408
    PortId_t ingress_port;
    PortId_t egress_spec;       // written in ingress: the port to send to
    PortId_t egress_port;       // read in egress: the port being sent to
#else
    bit<9>   ingress_port;
    bit<9>   egress_spec;
    bit<9>   egress_port;
#endif
    bit<32>  instance_type;     // 0 a packet from a port; otherwise which kind of copy
    bit<32>  packet_length;     // bytes
    @alias("queueing_metadata.enq_timestamp")
    bit<32>  enq_timestamp;     // microseconds, when put into the queue
    @alias("queueing_metadata.enq_qdepth")
    bit<19>  enq_qdepth;        // packets in the queue before this one
    @alias("queueing_metadata.deq_timedelta")
    bit<32>  deq_timedelta;     // microseconds spent in the queue
    @alias("queueing_metadata.deq_qdepth")
    bit<19>  deq_qdepth;        // packets left in the queue
    @alias("intrinsic_metadata.ingress_global_timestamp")
    bit<48>  ingress_global_timestamp;  // microseconds, when received
    @alias("intrinsic_metadata.egress_global_timestamp")
    bit<48>  egress_global_timestamp;   // microseconds, when egress began
    @alias("intrinsic_metadata.mcast_grp")
    bit<16>  mcast_grp;         // the multicast group to send to; 0 for none
    @alias("intrinsic_metadata.egress_rid")
    bit<16>  egress_rid;        // which replica of a multicast packet
    bit<1>   checksum_error;    // 1 if verify_checksum found a difference
    error    parser_error;
    @alias("intrinsic_metadata.priority")
    bit<3>   priority;          // the queue to use
}

enum CounterType {
    packets,
    bytes,
    packets_and_bytes
}

enum MeterType {
    packets,
    bytes
}

enum HashAlgorithm {
    crc32,
    crc32_custom,
    crc16,
    crc16_custom,
    random,
    identity,
    csum16,
    xor16
}

@deprecated("use verify_checksum and update_checksum")
extern Checksum16 {
    Checksum16();
    bit<16> get<D>(in D data);
}

enum CloneType {
    I2E,    // from the end of ingress to egress
    E2E     // from the end of egress to egress
}

// An array of counters that a program advances by index.
extern counter
#if V1MODEL_VERSION >= 20200408
<I>
#endif
{
    counter(bit<32> size, CounterType type);
#if V1MODEL_VERSION >= 20200408
    void count(in I index);
#else
    void count(in bit<32> index);
#endif
}

// One counter for each entry of the table whose property `counters` names it.
extern direct_counter {
    direct_counter(CounterType type);
    void count();
}

// Two-rate three-colour markers by index: 0 green, 1 yellow, 2 red.
extern meter
#if V1MODEL_VERSION >= 20200408
<I>
#endif
{
    meter(bit<32> size, MeterType type);
#if V1MODEL_VERSION >= 20200408
    void execute_meter<T>(in I index, out T result);
#else
    void execute_meter<T>(in bit<32> index, out T result);
#endif
}

// One meter for each entry of the table whose property `meters` names it.
extern direct_meter<T> {
    direct_meter(MeterType type);
    void read(out T result);
}

// An array of values that outlives the packet; all zero at the start.
extern register<T
#if V1MODEL_VERSION >= 20200408
, I
#endif
>
{
    register(bit<32> size);
#if V1MODEL_VERSION >= 20200408
    @noSideEffects
    void read(out T result, in I index);
    void write(in I index, in T value);
#else
    @noSideEffects
    void read(out T result, in bit<32> index);
    void write(in bit<32> index, in T value);
#endif
}

// A table's actions shared among entries, by the property `implementation`.
extern action_profile {
    action_profile(bit<32> size);
}

// A uniformly distributed random number; both bounds are included.
extern void random<T>(out T result, in T lo, in T hi);

// Sends the data to the control plane when ingress ends.
extern void digest<T>(in bit<32> receiver, in T data);

// Sets egress_spec to the port that drops, and mcast_grp to 0.
@deprecated("use mark_to_drop(standard_metadata)")
extern void mark_to_drop();
@pure
extern void mark_to_drop(inout standard_metadata_t standard_metadata);

// base + (hash of data) mod max; base alone if max is 0.
@pure
extern void hash<O, T, D, M>(out O result, in HashAlgorithm algo, in T base, in D data, in M max);

// As action_profile, with groups of actions among which a hash of the selector keys chooses.
extern action_selector {
    action_selector(HashAlgorithm algorithm, bit<32> size, bit<32> outputWidth);
}

// Sets checksum_error if the condition is true and the checksum of the data differs.
extern void verify_checksum<T, O>(in bool condition, in T data, in O checksum, HashAlgorithm algo);
// Computes the checksum if the condition is true.
@pure
extern void update_checksum<T, O>(in bool condition, in T data, inout O checksum, HashAlgorithm algo);
// The same two over the data and all bytes that the parser did not extract.
extern void verify_checksum_with_payload<T, O>(in bool condition, in T data, in O checksum, HashAlgorithm algo);
@noSideEffects
extern void update_checksum_with_payload<T, O>(in bool condition, in T data, inout O checksum, HashAlgorithm algo);

// Copies of the packet, made when the current control ends; the last call before that counts.
extern void clone(in CloneType type, in bit<32> session);
@deprecated("use clone_preserving_field_list")
extern void clone3<T>(in CloneType type, in bit<32> session, in T data);
// As above, with the user metadata fields that have @field_list(index).
extern void clone_preserving_field_list(in CloneType type, in bit<32> session, bit<8> index);

// Sends the original packet to the parser again, when ingress ends.
@deprecated("use resubmit_preserving_field_list")
extern void resubmit<T>(in T data);
extern void resubmit_preserving_field_list(bit<8> index);

// Sends the deparsed packet to the parser again, when egress ends.
@deprecated("use recirculate_preserving_field_list")
extern void recirculate<T>(in T data);
extern void recirculate_preserving_field_list(bit<8> index);

// Sends at most this number of bytes of the packet.
extern void truncate(in bit<32> length);

// Stops the switch if the check is false.
extern void assert(in bool check);
// The same; tools may rely on the check being true.
extern void assume(in bool check);

// Writes to the switch's log; each {} is the next value of the data.
extern void log_msg(string msg);
extern void log_msg<T>(string msg, in T data);

parser Parser<H, M>(packet_in b, out H parsedHdr, inout M meta, inout standard_metadata_t standard_metadata);

// May only call verify_checksum and verify_checksum_with_payload.
control VerifyChecksum<H, M>(inout H hdr, inout M meta);

@pipeline
control Ingress<H, M>(inout H hdr, inout M meta, inout standard_metadata_t standard_metadata);

@pipeline
control Egress<H, M>(inout H hdr, inout M meta, inout standard_metadata_t standard_metadata);

// May only call update_checksum and update_checksum_with_payload.
control ComputeChecksum<H, M>(inout H hdr, inout M meta);

// May only emit.
@deparser
control Deparser<H>(packet_out b, in H hdr);

package V1Switch<H, M>(
    Parser<H, M> p,
    VerifyChecksum<H, M> vr,
    Ingress<H, M> ig,
    Egress<H, M> eg,
    ComputeChecksum<H, M> ck,
    Deparser<H> dep);

#endif
