// SPDX-License-Identifier: Apache-2.0

public import Collector
public import Workload

/// What a demo found.
public struct DemoReport: Sendable {
    /// The topology's name.
    public let topology: String
    /// What was run.
    public let settings: DemoSettings
    /// What the client measured.
    public let client: ClientReport
    /// What the collector saw.
    public let view: JourneyView
    /// By part of the system and reason, such as `switch.queue_full`; zeros are left out.
    public let dropped: [String: UInt64]
}
