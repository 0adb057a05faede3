// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import CHostPrograms

/// Whose requests' telemetry is trusted: kept for the reply, and so reported to the collector. That of others is
/// stripped, so that the request reaches its application, and counted.
///
/// Everyone is the default, because what puts telemetry on a request is the operator's own switches, whoever the client
/// is; programs are attached where those lead. An interface that others can send to directly should trust nobody, or
/// only the prefixes whose frames the switches forward.
public enum TelemetryTrust: Sendable, Hashable {
    /// All requests: the default.
    case everyone
    /// No request.
    case nobody
    /// Requests whose source address is in one of these, at most `longest`.
    case sources([IPPrefix])

    /// How many prefixes the programs' map holds.
    public static let longest = Int(P4NI_TRUSTED_MAX)

    var number: UInt32 {
        switch self {
        case .everyone: UInt32(P4NI_TRUST_ALL)
        case .nobody: UInt32(P4NI_TRUST_NONE)
        case .sources: UInt32(P4NI_TRUST_LISTED)
        }
    }
}

extension TelemetryTrust {
    /// The description without blanks; of more prefixes than a line takes, their number.
    var summary: String {
        guard case .sources(let prefixes) = self, prefixes.count > 20 else { return description }
        return "\(prefixes.count)-prefixes"
    }
}

extension TelemetryTrust: CustomStringConvertible {
    /// `everyone`, `nobody` or `10.0.0.0/8,2001:db8::/32`.
    public var description: String {
        switch self {
        case .everyone: "everyone"
        case .nobody: "nobody"
        case .sources(let prefixes):
            prefixes.isEmpty ? "nobody" : prefixes.map(\.description).joined(separator: ",")
        }
    }
}
