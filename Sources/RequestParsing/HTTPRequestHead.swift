// SPDX-License-Identifier: Apache-2.0

import Journeys

/// What may be reported of an HTTP request.
public struct HTTPDetail: Sendable, Hashable {
    /// The path is reported; if not, only the method is.
    public var keepsPath = true
    /// The query is reported too.
    public var keepsQuery = false
    /// Characters of path and query that are reported at most, up to 255.
    public var pathLimit = 120

    /// Path without query, up to 120 characters.
    public init() {}

    /// The part of a request's target that may be reported; nil for none. Of an absolute URI, what follows its host.
    func target(of bytes: ArraySlice<UInt8>) -> String? {
        guard keepsPath else { return nil }
        var path = bytes
        if path.first != UInt8(ascii: "/"), let (_, rest) = path.split(at: UInt8(ascii: ":")),
            rest.starts(with: "//".utf8)
        {
            path = rest.dropFirst(2).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        }
        if !keepsQuery { path = path.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") } }
        return path.isEmpty ? "/" : path.printable(limit: pathLimit)
    }
}

/// The beginning of an HTTP/1 request, as much of it as lies in the first segment and within the look.
enum HTTPRequestHead {
    static let longestMethod = 24

    /// Method, target and trace context; nil if these bytes do not begin an HTTP/1 request.
    static func identity(of bytes: ArraySlice<UInt8>, _ detail: HTTPDetail) -> RequestIdentity? {
        guard let (method, rest) = bytes.split(at: space), isMethod(method) else { return nil }
        let line = rest.prefix { $0 != lineFeed }
        let isWhole = line.endIndex < rest.endIndex
        let words = line.split(separator: space, omittingEmptySubsequences: false)
        guard let target = words.first, !target.isEmpty, words.count <= 2 else { return nil }
        if isWhole || words.count == 2 {
            guard words.count == 2, isVersion(words[1], isWhole: isWhole) else { return nil }
        }
        var identity = RequestIdentity(kind: .http, operation: method.printable(limit: longestMethod))
        identity.target = detail.target(of: target)
        if words.count == 1, let text = identity.target, !text.hasSuffix("~") { identity.target = text + "~" }
        if isWhole { identity.trace = TraceParent.find(in: rest[(line.endIndex + 1)...]) }
        return identity
    }

    private static func isMethod(_ bytes: ArraySlice<UInt8>) -> Bool {
        (1...longestMethod).contains(bytes.count) && bytes.allSatisfy { (0x41...0x5a).contains($0) || $0 == 0x2d }
    }

    private static func isVersion(_ bytes: ArraySlice<UInt8>, isWhole: Bool) -> Bool {
        let text = bytes.last == carriageReturn ? bytes.dropLast() : bytes
        let known = ["HTTP/1.1", "HTTP/1.0"].map { Array($0.utf8) }
        return known.contains { isWhole ? text.elementsEqual($0) : $0.starts(with: text) }
    }
}
