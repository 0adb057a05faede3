// SPDX-License-Identifier: Apache-2.0

/// What a request asked for, as its server's host read it from the request itself. Texts are printable ASCII.
public struct RequestIdentity: Sendable, Hashable {
    /// The protocol that the request was read by.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// None: the connection and the request's place in it are all that is known.
        case connection = 0
        /// HTTP/1.0 or HTTP/1.1.
        case http = 1
        /// HTTP/2, of gRPC or another.
        case http2 = 2
        /// DNS.
        case dns = 3
        /// The protocol of Redis.
        case redis = 4
    }

    /// The protocol.
    public var kind: Kind
    /// What is asked for: an HTTP method, a DNS type, a Redis command; empty if only the connection is known.
    public var operation: String
    /// What it is asked of: a path, a DNS name; nil if it has no target, or that was not to be read.
    public var target: String?
    /// W3C trace context.
    public var trace: TraceContext?
    /// The connection's ordinal, from 1, among those that the host's agent has seen; UDP: the flow's. 0 if unknown.
    public var connection: UInt64 = 0
    /// The request's number in it, from 1, among those with telemetry. 0 if unknown.
    public var sequence: UInt32 = 0

    /// An identity.
    public init(kind: Kind, operation: String = "", target: String? = nil, trace: TraceContext? = nil) {
        self.kind = kind
        self.operation = operation
        self.target = target
        self.trace = trace
    }
}

extension RequestIdentity: CustomStringConvertible {
    /// `GET /path`, `AAAA example.org`, `HGETALL`, or `connection 3 request 2`.
    public var description: String {
        guard !operation.isEmpty || target != nil else { return "connection \(connection) request \(sequence)" }
        return [operation, target ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension RequestIdentity.Kind {
    /// As in JSON and options.
    public var name: String {
        switch self {
        case .connection: "connection"
        case .http: "http"
        case .http2: "http2"
        case .dns: "dns"
        case .redis: "redis"
        }
    }
}

/// What a `traceparent` header says (W3C Trace Context).
public struct TraceContext: Sendable, Hashable {
    /// 32 lower-case hexadecimal digits, not all zero.
    public let traceID: String
    /// 16 lower-case hexadecimal digits, not all zero.
    public let parentID: String
    /// Bit 0: the caller may have recorded the trace.
    public let flags: UInt8

    /// A context, or nil where an id does not have its digits or is all zero.
    public init?(traceID: String, parentID: String, flags: UInt8) {
        guard Self.isID(traceID, digits: 32), Self.isID(parentID, digits: 16) else { return nil }
        self.traceID = traceID
        self.parentID = parentID
        self.flags = flags
    }

    private static func isID(_ text: String, digits: Int) -> Bool {
        text.utf8.count == digits && text.utf8.contains { $0 != UInt8(ascii: "0") }
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
