// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// How the requests to one port are distinguished by name.
public enum IdentityRule: Sendable, Hashable {
    /// HTTP/1: method, path and trace context.
    case http(HTTPDetail)
    /// gRPC, or other HTTP/2 without TLS.
    case grpc(HTTPDetail)
    /// DNS: name and type.
    case dns
    /// Redis: the command's name.
    case redis
    /// HTTP/1: the trace context alone.
    case traceParent
    /// Nothing is read of the request: its connection alone is reported.
    case off

    /// The identity of a request by its first bytes; nil if they are not of this protocol.
    /// - Parameters:
    ///   - bytes: of the payload, from its first on; any bytes at all.
    ///   - isStream: over TCP.
    public func identity(of bytes: [UInt8], isStream: Bool) -> RequestIdentity? {
        switch self {
        case .http(let detail): HTTPRequestHead.identity(of: bytes[...], detail)
        case .grpc(let detail): HTTP2Request.identity(of: bytes[...], detail)
        case .dns: DNSQuestion.identity(of: bytes[...], isStream: isStream)
        case .redis: RedisCommand.identity(of: bytes[...])
        case .traceParent: traceAlone(bytes)
        case .off: nil
        }
    }

    private func traceAlone(_ bytes: [UInt8]) -> RequestIdentity? {
        guard let trace = HTTPRequestHead.identity(of: bytes[...], HTTPDetail())?.trace else { return nil }
        return RequestIdentity(kind: .connection, trace: trace)
    }
}
