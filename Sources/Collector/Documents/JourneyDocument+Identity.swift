// SPDX-License-Identifier: Apache-2.0

internal import Journeys

extension JourneyDocument {
    /// What the request asked for, as the server's agent read it.
    struct Identity: Encodable {
        var kind: String
        var operation: String?
        var target: String?
        var connection: UInt64?
        var sequence: UInt32?
        var trace_id: String?
        var parent_id: String?
        var trace_flags: UInt8?

        init(_ identity: RequestIdentity) {
            kind = identity.kind.name
            operation = identity.operation.isEmpty ? nil : identity.operation
            target = identity.target
            connection = identity.connection == 0 ? nil : identity.connection
            sequence = identity.sequence == 0 ? nil : identity.sequence
            trace_id = identity.trace?.traceID
            parent_id = identity.trace?.parentID
            trace_flags = identity.trace?.flags
        }
    }
}
