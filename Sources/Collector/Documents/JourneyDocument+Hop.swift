// SPDX-License-Identifier: Apache-2.0

internal import Journeys

extension JourneyDocument {
    struct Hop: Encodable {
        var direction: String?
        var `switch`: UInt32
        var name: String
        var ingress_port: UInt32?
        var egress_port: UInt32?
        var ingress_us: UInt64?
        var egress_us: UInt64?
        var enqueue_us: UInt64?
        var queue_us: Microseconds?
        var enqueue_depth: NumberOrClass?
        var dequeue_depth: NumberOrClass?
        var latency_us: Microseconds?
        var packet_length: NumberOrClass?
        var packets_since_last: UInt64?
        var last_telemetry_us: UInt64?
        /// The hop's number on both paths together, from 1; only if the frame reports one hop.
        var position: UInt8?

        init(_ hop: HopMeasurement, _ direction: String?, _ names: PlaceNames) {
            self.direction = direction
            `switch` = hop.switchID.rawValue
            name = names.name(of: hop.switchID)
            ingress_port = hop.ingressPort
            egress_port = hop.egressPort
            ingress_us = hop.ingressTime?.microseconds
            egress_us = hop.egressTime?.microseconds
            enqueue_us = hop.enqueueTime?.microseconds
            queue_us = hop.queueTime?.duration.map(Microseconds.init)
            enqueue_depth = hop.enqueueDepth.map(NumberOrClass.init)
            dequeue_depth = hop.dequeueDepth.map(NumberOrClass.init)
            latency_us = hop.latency?.duration.map(Microseconds.init)
            packet_length = hop.packetLength.map(NumberOrClass.init)
            packets_since_last = hop.packetsSinceLast
            last_telemetry_us = hop.lastTelemetryTime?.microseconds
            position = hop.position
        }
    }

    /// A duration: whole microseconds where the switch counts them, else with a fraction.
    struct Microseconds: Encodable {
        var time: Nanoseconds

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if time.count.isMultiple(of: 1000) {
                try container.encode(time.count / 1000)
            } else {
                try container.encode(time.microseconds)
            }
        }
    }

    /// A number where it was measured, the class's name where it was only sorted.
    struct NumberOrClass: Encodable {
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
