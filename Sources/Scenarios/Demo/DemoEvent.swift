// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Workload

/// What a demo reports while it runs, in the order in which it happens.
public enum DemoEvent: Sendable {
    /// A step of bringing the lab up, in the lab's own words.
    case lab(String)
    /// The server role's programs are attached to `host`.
    case serverAttached(host: String, xdpMode: String, egressHook: String)
    /// The client role's programs are attached to `host`, which is the INT source.
    case clientAttached(host: String)
    /// Requests begin to leave `host`.
    case sending(from: String, to: Endpoint)
    /// About ten times per second while requests are sent, with the complete journeys so far.
    case progress(ClientReport, completeJourneys: UInt64)
    /// The last request was answered or given up.
    case sent
}
