// SPDX-License-Identifier: Apache-2.0

public import Documents

/// The rules by the server's port.
public struct IdentityRules: Sendable, Hashable {
    /// Ports without a rule have `.off`.
    public private(set) var byPort: [UInt16: IdentityRule]

    /// Of well-known ports: 53 DNS, 80, 8000 and 8080 HTTP, 6379 Redis, 50051 gRPC.
    public init() {
        let http = IdentityRule.http(HTTPDetail())
        byPort = [53: .dns, 80: http, 8000: http, 8080: http, 6379: .redis, 50051: .grpc(HTTPDetail())]
    }

    /// The rule of a port.
    public subscript(port: UInt16) -> IdentityRule { byPort[port] ?? .off }

    /// Replaces one port's rule, as in an option: `8080=http`, `80=http+query`, `80=http+no-path`, `80=http+max=64`,
    /// `5353=dns`, `7000=redis`, `9000=grpc`, `80=traceparent`, `80=off`.
    public mutating func set(_ text: String) throws(InputError) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, let port = UInt16(sides[0]), port > 0 else {
            throw InputError("must be PORT=RULE with a port from 1 to 65535, got '\(text)'")
        }
        byPort[port] = try IdentityRule(sides[1])
    }
}

extension IdentityRule {
    init(_ text: Substring) throws(InputError) {
        let words = text.split(separator: "+", omittingEmptySubsequences: false)
        switch words.first {
        case "http": self = .http(try HTTPDetail(words.dropFirst(), of: text))
        case "grpc": self = .grpc(try HTTPDetail(words.dropFirst(), of: text))
        case "dns" where words.count == 1: self = .dns
        case "redis" where words.count == 1: self = .redis
        case "traceparent" where words.count == 1: self = .traceParent
        case "off" where words.count == 1: self = .off
        default:
            throw InputError("rule must be http, grpc, dns, redis, traceparent or off, got '\(text)'")
        }
    }
}

extension HTTPDetail {
    init(_ words: ArraySlice<Substring>, of text: Substring) throws(InputError) {
        self.init()
        for word in words {
            if word == "query" {
                keepsQuery = true
            } else if word == "no-path" {
                keepsPath = false
            } else if word.hasPrefix("max="), let limit = Int(word.dropFirst(4)), (1...255).contains(limit) {
                pathLimit = limit
            } else {
                throw InputError(
                    "identity rule '\(text)': expected query, no-path or max=1 to max=255, got '\(word)'")
            }
        }
    }
}
