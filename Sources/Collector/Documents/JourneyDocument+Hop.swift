// SPDX-License-Identifier: Apache-2.0

internal import TelemetryFormats

extension JourneyDocument {
    struct Hop: Encodable {
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
        /// Counts the hops of the way from 1 where a frame tells of one only.
        var position: UInt8?

        init(_ hop: HopRecord, _ direction: String?, _ names: PlaceNames) {
            self.direction = direction
            `switch` = hop.switchID.rawValue
            name = names.name(of: hop.switchID)
            ingress_port = hop.ingressPort
            egress_port = hop.egressPort
            ingress_us = hop.ingressTime
            egress_us = hop.egressTime
            enqueue_us = hop.enqueueTime
            queue_us = hop.queueTime
            enqueue_depth = Reading(value: hop.enqueueDepth)
            dequeue_depth = hop.dequeueDepth.map(Reading.init)
            latency_us = hop.latency
            packet_length = hop.packetLength.map(Reading.init)
            packets_since_last = hop.packetsSinceLast
            last_telemetry_us = hop.lastTelemetryTime
            position = hop.position
        }
    }

    /// A number where it was measured, the class's name where it was only sorted.
    struct Reading: Encodable {
        var value: Measurement

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let number = value.value {
                try container.encode(number)
            } else {
                try container.encode("\(value)")
            }
        }
    }
}
