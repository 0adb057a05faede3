// SPDX-License-Identifier: Apache-2.0

internal import Journeys

extension JourneyDocument {
    /// What the client's host reports. Times are nanoseconds of the domain's clock.
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

    /// What the extended host record contains; times in nanoseconds.
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
        var late_ns: UInt64?

        init(_ details: HostDetails) {
            id = details.hostID.rawValue
            cpu = details.processor
            arrival_ns = details.arrival
            kernel_in_ns = details.stages.kernelIn
            socket_wait_ns = details.stages.socketWait
            application_ns = details.stages.application
            kernel_out_ns = details.stages.kernelOut
            run_queue_ns = details.runQueue
            queue_depth = details.queueDepth
            retransmits = details.retransmits
            late_ns = details.late?.count
        }
    }
}
