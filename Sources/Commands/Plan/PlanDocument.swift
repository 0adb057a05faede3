// SPDX-License-Identifier: Apache-2.0

import TelemetryFormats

/// A plan for scripts.
struct PlanDocument: Encodable {
    struct Entry: Encodable {
        let level: UInt8
        let sampling: Int
        let bytesPerPacket: Double
        let overhead: Double
        let tracedOverhead: Double
        let longestTelemetry: Int
        let headRoom: Int
        let samplesPerSecond: Double
        let rankError: Double
        let valueError: Double?

        enum CodingKeys: String, CodingKey {
            case level, overhead
            case sampling = "one_in"
            case bytesPerPacket = "bytes_per_packet"
            case tracedOverhead = "followed_overhead"
            case longestTelemetry = "longest_telemetry_bytes"
            case headRoom = "head_room_bytes"
            case samplesPerSecond = "samples_per_second"
            case rankError = "p99_rank_error"
            case valueError = "value_error"
        }

        init(_ plan: TelemetryPlan) {
            level = plan.level.rawValue
            sampling = plan.sampling
            bytesPerPacket = plan.bytesPerPacket
            overhead = plan.overhead
            tracedOverhead = plan.tracedOverhead
            longestTelemetry = plan.mostTelemetry
            headRoom = plan.headRoom
            samplesPerSecond = plan.samplesPerSecond
            rankError = plan.rankError
            valueError = plan.valueError
        }
    }

    /// nil if no level fits the MTU.
    let plan: Entry?
    let levels: [Entry]

    init(_ best: TelemetryPlan?, among plans: [TelemetryPlan]) {
        plan = best.map(Entry.init)
        levels = plans.map(Entry.init)
    }
}
