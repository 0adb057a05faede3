// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
public import Telemetry
internal import Wire

/// A journey as one JSON object. What the journey lacks is left out.
public struct JourneyDocument: Encodable, Sendable {
    struct Hop: Encodable {
        /// `position` counts the hops of the way from 1 where a frame tells of one only.
        var direction: String?
        var `switch`: UInt32
        var name: String
        var ingress_port: UInt16?
        var egress_port: UInt16?
        var ingress_us: UInt64?
        var egress_us: UInt64?
        var enqueue_us: UInt32?
        var queue_us: UInt32?
        var enqueue_depth: Reading
        var dequeue_depth: Reading?
        var latency_us: UInt64?
        var packet_length: Reading?
        var packets_since_last: UInt64?
        var last_telemetry_us: UInt64?
        var position: UInt8?
    }

    /// What the client's host tells. Times are nanoseconds of the domain's clock.
    struct Client: Encodable {
        var host: UInt32?
        var sequence: UInt32?
        var sent_ns: UInt64?
        var left_ns: UInt64?
        var arrived_ns: UInt64?
        var received_ns: UInt64?

        init?(_ journey: Journey) {
            guard journey.source != nil || journey.client != nil else { return nil }
            host = journey.source?.host.rawValue
            sequence = journey.source?.sequence
            sent_ns = journey.client?.sent
            left_ns = journey.source?.sent
            arrived_ns = journey.client?.arrived
            received_ns = journey.client?.received
        }
    }

    struct Part: Encodable {
        var name: String
        var us: Double?
        var absent: String?
        /// true for a part that lies within the last one before it that does not, and is no part of the sum.
        var within: Bool?
    }

    /// What the extended host record tells; times in nanoseconds.
    struct Host: Encodable {
        var id: UInt32
        var cpu: UInt16
        var arrival_ns: UInt64
        var kernel_in_ns: UInt32?
        var socket_wait_ns: UInt32?
        var application_ns: UInt32?
        var kernel_out_ns: UInt32?
        var run_queue_ns: UInt32?
        var queue_depth: UInt32?
        var retransmits: UInt16?
    }

    /// A number where it was measured, the class's name where it was only sorted.
    struct Reading: Encodable {
        var value: Telemetry.Reading

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let number = value.value {
                try container.encode(number)
            } else {
                try container.encode("\(value)")
            }
        }
    }

    let time_ns: UInt64
    let request_id: UInt32?
    let source: String
    let source_port: UInt16?
    let destination: String
    let destination_port: UInt16?
    let level: UInt8
    let reference: Bool
    let complete: Bool
    let gaps: [String]
    let telemetry_bytes: Int
    let total_us: Double?
    let host_ns: UInt64?
    let host_requests: UInt64?
    let client: Client?
    let host: Host?
    let hops: [Hop]
    let parts: [Part]

    public init(_ journey: Journey, names: PlaceNames = PlaceNames()) {
        time_ns = journey.time
        request_id = journey.requestID
        source = "\(journey.flow.source)"
        source_port = journey.flow.ports?.source.rawValue
        destination = "\(journey.flow.destination)"
        destination_port = journey.flow.ports?.destination.rawValue
        level = journey.level.rawValue
        reference = journey.isReference
        complete = journey.isComplete
        gaps = journey.gaps.names
        telemetry_bytes = journey.telemetrySize
        total_us = journey.total.map { Double($0) / 1000 }
        host_ns = journey.host?.duration
        host_requests = journey.host?.ordinal
        client = Client(journey)
        host = journey.host?.details.map(Self.host)
        hops = journey.hops.enumerated().map { index, hop in
            Self.hop(hop, journey.forward.map { index < $0 ? "out" : "back" }, names)
        }
        parts = journey.parts.map { part in
            Part(
                name: part.kind.name(names), us: part.duration.map { Double($0) / 1000 },
                absent: part.absence.map { "\($0)" }, within: part.isWithin ? true : nil)
        }
    }

    private static func host(_ details: HostDetails) -> Host {
        Host(
            id: details.hostID, cpu: details.processor, arrival_ns: details.arrival, kernel_in_ns: details.toQueue,
            socket_wait_ns: details.toReceive, application_ns: details.application, kernel_out_ns: details.toEgress,
            run_queue_ns: details.runQueue, queue_depth: details.queueDepth, retransmits: details.retransmits)
    }

    private static func hop(_ hop: HopRecord, _ direction: String?, _ names: PlaceNames) -> Hop {
        Hop(
            direction: direction, switch: hop.switchID.rawValue, name: names.name(of: hop.switchID),
            ingress_port: hop.ingressPort, egress_port: hop.egressPort, ingress_us: hop.ingressTime,
            egress_us: hop.egressTime, enqueue_us: hop.enqueueTime, queue_us: hop.queueTime,
            enqueue_depth: Reading(value: hop.enqueueDepth), dequeue_depth: hop.dequeueDepth.map(Reading.init),
            latency_us: hop.latency, packet_length: hop.packetLength.map(Reading.init),
            packets_since_last: hop.packetsSinceLast, last_telemetry_us: hop.lastTelemetryTime, position: hop.position)
    }

    /// One line, keys in alphabetical order.
    public var line: String { JSONLine.text(self) }
}

enum JSONLine {
    /// The values encoded here hold no number that JSON cannot express, so this does not fail.
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
