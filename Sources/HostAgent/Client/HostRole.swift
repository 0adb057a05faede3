// SPDX-License-Identifier: Apache-2.0

/// What an attachment does for its interface's host.
public enum HostRole: String, Sendable, Hashable, CaseIterable {
    /// Takes telemetry off requests and puts it on their replies.
    case server
    /// Begins the telemetry of its own requests, and takes it off their replies.
    case client
    case both
}
