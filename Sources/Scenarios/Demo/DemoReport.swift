// SPDX-License-Identifier: Apache-2.0

public import Collector
public import Journeys
public import Workload

/// What a demo found.
public struct DemoReport: Sendable {
    /// The topology's name.
    public let topology: String
    /// What was run.
    public let settings: DemoSettings
    /// What the client measured.
    public let client: ClientReport
    /// What the collector made of the frames that it captured.
    public let counts: FrameCounts
    /// Durations of each part, in the order of travel.
    public let parts: [PartStatistics.Row]
    /// The complete journey that took longest; nil without one.
    public let slowest: Journey?
    /// The complete journey that came last; nil without one.
    public let latest: Journey?
    /// Bytes of telemetry per request and reply.
    public let weight: TelemetryWeight
    /// By part of the system and reason, such as `switch.queue_full`; zeros are left out.
    public let dropped: [String: UInt64]
}
