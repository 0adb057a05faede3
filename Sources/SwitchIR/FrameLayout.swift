// SPDX-License-Identifier: Apache-2.0

/// Where each value of a packet's execution lives: a flat array of 64-bit slots, one frame per packet.
///
///     0 ..< metadataEnd         standard metadata (`StandardMetadata`), then user metadata: zero at reception,
///                               kept from ingress to egress
///     metadataEnd ..< localsEnd locals, temporaries, table keys, action parameters: written before they are read
///     localsEnd ..< slotCount   constants, never written by the program (`constants[i]` is slot `localsEnd + i`)
///
/// A value of more than 64 bits takes a run of slots, least significant word first. The bits of a slot
/// above a value's width are always zero: an instruction that could set them masks its result.
public struct FrameLayout: Sendable {
    /// The slot after the last one that holds metadata.
    public var metadataEnd: Int
    /// The slot after the last one that the program writes.
    public var localsEnd: Int
    /// The values of the slots from `localsEnd` on.
    public var constants: [UInt64]

    /// Slots of all kinds.
    public var slotCount: Int { localsEnd + constants.count }

    /// A frame by the ends of its kinds of slots.
    public init(metadataEnd: Int, localsEnd: Int, constants: [UInt64]) {
        self.metadataEnd = metadataEnd
        self.localsEnd = localsEnd
        self.constants = constants
    }
}

/// The slots of `standard_metadata_t` (v1model.p4), one per field, the same in every program.
public enum StandardMetadata: Int, CaseIterable, Sendable {
    /// ingress_port: the port by which the packet came.
    case ingressPort
    /// egress_spec: the port that ingress chooses; 511 drops.
    case egressSpec
    /// egress_port: the port by which the packet leaves.
    case egressPort
    /// instance_type: original, clone, replica or a further pass.
    case instanceType
    /// packet_length, in bytes.
    case packetLength
    /// enq_timestamp, in microseconds.
    case enqTimestamp
    /// enq_qdepth, in packets.
    case enqQdepth
    /// deq_timedelta, in microseconds.
    case deqTimedelta
    /// deq_qdepth, in packets.
    case deqQdepth
    /// ingress_global_timestamp, in microseconds.
    case ingressGlobalTimestamp
    /// egress_global_timestamp, in microseconds.
    case egressGlobalTimestamp
    /// mcast_grp: the multicast group; 0: none.
    case mcastGrp
    /// egress_rid: which replica of a group this is.
    case egressRid
    /// checksum_error: 1 after a failed verify_checksum.
    case checksumError
    /// parser_error, as a number.
    case parserError
    /// priority: the egress queue.
    case priority

    /// The slot that holds the field.
    public var slot: Int { rawValue }

    /// The field's name in `standard_metadata_t`.
    public var name: String {
        switch self {
        case .ingressPort: "ingress_port"
        case .egressSpec: "egress_spec"
        case .egressPort: "egress_port"
        case .instanceType: "instance_type"
        case .packetLength: "packet_length"
        case .enqTimestamp: "enq_timestamp"
        case .enqQdepth: "enq_qdepth"
        case .deqTimedelta: "deq_timedelta"
        case .deqQdepth: "deq_qdepth"
        case .ingressGlobalTimestamp: "ingress_global_timestamp"
        case .egressGlobalTimestamp: "egress_global_timestamp"
        case .mcastGrp: "mcast_grp"
        case .egressRid: "egress_rid"
        case .checksumError: "checksum_error"
        case .parserError: "parser_error"
        case .priority: "priority"
        }
    }

    /// The field's width in bits.
    public var width: Int {
        switch self {
        case .ingressPort, .egressSpec, .egressPort: 9
        case .instanceType, .packetLength, .enqTimestamp, .deqTimedelta, .parserError: 32
        case .enqQdepth, .deqQdepth: 19
        case .ingressGlobalTimestamp, .egressGlobalTimestamp: 48
        case .mcastGrp, .egressRid: 16
        case .checksumError: 1
        case .priority: 3
        }
    }
}
