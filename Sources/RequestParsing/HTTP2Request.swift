// SPDX-License-Identifier: Apache-2.0

import Journeys

/// The first request in a piece of an HTTP/2 connection without TLS, such as gRPC's.
enum HTTP2Request {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let frameHeaderSize = 9
    private static let headersType: UInt32 = 1
    private static let paddedFlag: UInt32 = 0x8
    private static let priorityFlag: UInt32 = 0x20

    /// Method, path and trace context of the first HEADERS frame; nil if the bytes begin in the middle of a frame, or none
    /// begins here. A field that the sender took from its table of earlier fields is not known.
    static func identity(of bytes: ArraySlice<UInt8>, _ detail: HTTPDetail) -> RequestIdentity? {
        var rest = bytes
        if rest.starts(with: preface) { rest.removeFirst(preface.count) }
        while rest.count >= frameHeaderSize {
            guard let length = rest.readNumber(3), let type = rest.readNumber(1), let flags = rest.readNumber(1),
                let stream = rest.readNumber(4), type <= 9
            else { return nil }
            guard type == headersType else {
                guard rest.read(Int(length)) != nil else { return nil }
                continue
            }
            guard stream & 1 == 1, let block = block(rest.prefix(Int(length)), flags) else { return nil }
            return identity(of: HeaderBlock(block), detail)
        }
        return nil
    }

    /// The frame's fields, without padding and priority.
    private static func block(_ payload: ArraySlice<UInt8>, _ flags: UInt32) -> ArraySlice<UInt8>? {
        var block = payload
        var padding = 0
        if flags & paddedFlag != 0 {
            guard let length = block.readNumber(1) else { return nil }
            padding = Int(length)
        }
        if flags & priorityFlag != 0 { guard block.read(5) != nil else { return nil } }
        guard padding <= block.count else { return nil }
        return block.dropLast(padding)
    }

    private static func identity(of block: HeaderBlock, _ detail: HTTPDetail) -> RequestIdentity? {
        guard block.method != nil || block.path != nil else { return nil }
        var identity = RequestIdentity(kind: .http2)
        identity.operation = block.method.map { $0[...].printable(limit: HTTPRequestHead.longestMethod) } ?? ""
        identity.target = block.path.flatMap { $0.isEmpty ? nil : detail.target(of: $0[...]) }
        identity.trace = block.trace
        return identity.operation.isEmpty && identity.target == nil ? nil : identity
    }
}
