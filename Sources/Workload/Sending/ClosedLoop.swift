// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import Histogram
public import LinuxSystem

/// As many requests as a server answers when a fixed number of them are always on their way: each reply causes the next
/// request. For throughput, which an open loop at a fixed rate does not show.
///
/// One thread; one UDP socket, or a TCP connection for each request that is on its way, in the network namespace of the
/// thread that makes it.
public struct ClosedLoop: ~Copyable {
    /// The result of a run.
    public struct Report: Sendable {
        /// Replies that came.
        public internal(set) var replies = 0
        /// Requests without a reply within 100 ms of silence.
        public internal(set) var lost = 0
        /// Nanoseconds.
        public internal(set) var elapsed: UInt64 = 0
        var roundTrips = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

        /// Replies per second; 0 before the run has begun.
        public var requestsPerSecond: Double { elapsed > 0 ? Double(replies) * 1e9 / Double(elapsed) : 0 }

        /// The round trip that `percentile` per cent of the requests did not pass, in nanoseconds.
        public func roundTrip(percentile: Double) -> UInt64 { roundTrips.valueAtPercentile(percentile) }
    }

    private let transport: any RequestTransport
    private let format: RequestPayload
    private var epoll: Epoll
    private var payload: [UInt8]
    /// For each outstanding place: its request, and when that was sent (CLOCK_MONOTONIC).
    private var ids: [UInt32]
    private var sentAt: [UInt64]

    private static let stopToken = UInt64.max
    private static let silence: Int32 = 100

    /// - Parameter outstanding: requests that are on their way at once.
    public init(
        to destination: Endpoint, over transport: TransportProtocol, outstanding: Int, payloadBytes: Int = 64
    ) throws(SystemError) {
        precondition(outstanding > 0, "a loop of no requests")
        let opened: any RequestTransport
        switch transport {
        case .udp: opened = try DatagramTransport(to: destination)
        case .tcp: opened = try StreamTransport(to: destination, connections: outstanding)
        }
        let epoll = try Epoll()
        try opened.join(epoll)
        format = RequestPayload(transport: transport)
        payload = [UInt8](repeating: 0, count: max(payloadBytes, format.headerBytes))
        // An id determines the place: the ids of place p are p, p + outstanding, p + 2 outstanding, …
        ids = (0..<outstanding).map { UInt32($0) }
        sentAt = [UInt64](repeating: 0, count: outstanding)
        self.transport = opened
        self.epoll = epoll
    }

    /// - Parameter stop: a descriptor that becomes readable when the run is to end early.
    public mutating func run(seconds: Double, stop: Int32? = nil) throws(SystemError) -> Report {
        if let stop { try epoll.add(stop, for: .readable, token: Self.stopToken) }
        var report = Report()
        let start = DomainClock.monotonicNanoseconds()
        let end = start + UInt64(seconds * 1e9)
        var free = Array(ids.indices)
        var ready: [UInt64] = []
        while DomainClock.monotonicNanoseconds() < end {
            for place in free { try send(in: place) }
            free.removeAll(keepingCapacity: true)
            ready.removeAll(keepingCapacity: true)
            let count = try epoll.wait(milliseconds: Self.silence) { event in ready.append(event.token) }
            if ready.contains(Self.stopToken) { break }
            if count == 0 {
                report.lost += ids.count
                free = Array(ids.indices)
            }
            for token in ready { try receive(token, into: &report, free: &free) }
        }
        report.elapsed = DomainClock.monotonicNanoseconds() - start
        if let stop { try epoll.remove(stop) }
        return report
    }

    private mutating func send(in place: Int) throws(SystemError) {
        ids[place] &+= UInt32(ids.count)
        format.fill(&payload, id: ids[place])
        sentAt[place] = DomainClock.monotonicNanoseconds()
        // A request that cannot be sent gets no reply and is sent again after the time-out.
        _ = try transport.send(payload, turn: place, epoll)
    }

    private func receive(_ token: UInt64, into report: inout Report, free: inout [Int]) throws(SystemError) {
        try transport.receive(token, epoll: epoll) { reply in
            guard let id = RequestPayload.id(of: reply), reply.count == payload.count else { return }
            let place = Int(id) % ids.count
            // A late reply to a request that was given up.
            guard ids[place] == id else { return }
            report.replies += 1
            report.roundTrips.record(DomainClock.monotonicNanoseconds() - sentAt[place])
            free.append(place)
        }
    }
}
