// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Journeys
internal import Wire

/// Puts what is reported of one request together: its reply's telemetry, and the application's receive call a moment
/// later.
///
/// A pure value. Bounded: what waits longest for the application is let go without its time.
public struct ReplyJoin: Sendable {
    /// A reply with all that will be known of it.
    public struct Reply: Sendable, Hashable {
        /// The beginning of its frame, as it came.
        public var head: [UInt8]
        public var times: ClientTimes
    }

    private struct Key: Hashable {
        var flow: Flow
        var sequence: UInt32
    }

    /// Nanoseconds that a reply waits for the application; 0 if its calls are not reported.
    private let patience: UInt64
    private var waiting: [Key: Reply] = [:]
    /// In the order of arrival.
    private var order: [(key: Key, since: UInt64)] = []
    static let capacity = 8192

    public init(patience: UInt64) { self.patience = patience }

    /// - Returns: the replies that this completes, or that waited in vain.
    public mutating func take(_ report: RequestReport) -> [Reply] {
        switch report.kind {
        case .sent: return []
        case .reply(let head):
            var reply = Reply(head: head, times: ClientTimes(sent: report.called, arrived: report.arrived))
            reply.times.unreported = report.unreported
            // Of TCP only the receive call is reported.
            guard patience > 0, report.flow.ipProtocol == .tcp, let source = report.source else { return [reply] }
            let key = Key(flow: report.flow, sequence: source.sequence)
            waiting[key] = reply
            order.append((key, report.arrived ?? 0))
            return order.count > Self.capacity ? release(1) : []
        case .received(let time):
            guard let source = report.source,
                var reply = waiting.removeValue(forKey: Key(flow: report.flow, sequence: source.sequence))
            else { return [] }
            reply.times.received = time
            return [reply]
        }
    }

    /// - Parameter now: nanoseconds of the domain's clock.
    /// - Returns: the replies whose application has taken too long.
    public mutating func expire(at now: UInt64) -> [Reply] {
        release(order.prefix { now > $0.since && now - $0.since > patience }.count)
    }

    /// All that wait, at the end.
    public mutating func finish() -> [Reply] { release(order.count) }

    private mutating func release(_ count: Int) -> [Reply] {
        let gone = order.prefix(count).compactMap { waiting.removeValue(forKey: $0.key) }
        order.removeFirst(count)
        return gone
    }
}
