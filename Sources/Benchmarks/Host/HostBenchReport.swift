// SPDX-License-Identifier: Apache-2.0

public import Workload

/// What `bench host` found; its coding keys are those of `--json`. Parts that were left out are absent.
public struct HostBenchReport: Sendable, Encodable {
    /// The programs by themselves.
    public internal(set) var programs: [HostBench.Row] = []
    /// An echo server in each mode.
    public internal(set) var application: [ApplicationBench.Row]?
    /// What the programs cost per request.
    public internal(set) var requests: [RequestCost]?
    /// Replies with a wrong byte.
    public private(set) var corrupt: Int?
    /// Requests without a reply.
    public private(set) var lost: Int?
    /// Where frames were lost.
    public private(set) var lostFrames: [String: UInt64]?
    /// The replies that were checked, by transport.
    public internal(set) var checked: [Checked] = [] {
        didSet {
            corrupt = checked.reduce(0) { $0 + $1.outcome.corrupt }
            lost = checked.reduce(0) { $0 + $1.outcome.lost }
            lostFrames = checked.reduce(into: [:]) { $0.merge($1.outcome.lostFrames, uniquingKeysWith: +) }
        }
    }

    /// Replies over one transport.
    public struct Checked: Sendable {
        /// UDP or TCP.
        public let transport: TransportProtocol
        /// What they were found to be.
        public let outcome: CorruptionCheck.Outcome
    }

    enum CodingKeys: String, CodingKey {
        case programs, application, requests, corrupt, lost
        case lostFrames = "lost_frames"
    }
}
