// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// Sends requests at a fixed rate and times their replies.
///
/// An open loop: request *n* leaves at its own time, start + n / rate, whether or not earlier ones were answered;
/// one that is late leaves at once and moves none of the later ones. One thread; its sockets are in the network
/// namespace of the thread that makes it.
public struct Client: ~Copyable {
    private let configuration: ClientConfiguration
    private let transport: any RequestTransport
    private let format: RequestPayload
    private let timer: TimerDescriptor
    private var epoll: Epoll
    private var outstanding = OutstandingRequests()
    private var report = ClientReport()
    private var payload: [UInt8]
    /// Of the descriptors that the last wait reported.
    private var ready: [UInt64] = []

    private static let timerToken = UInt64.max
    private static let stopToken = UInt64.max - 1

    /// TCP: returns when the connections are made.
    public init(_ configuration: ClientConfiguration) throws(SystemError) {
        precondition(ClientConfiguration.payloadRange(configuration.transport).contains(configuration.payloadBytes))
        precondition(ClientConfiguration.connectionRange.contains(configuration.connections))
        self.configuration = configuration
        format = RequestPayload(transport: configuration.transport)
        payload = [UInt8](repeating: 0, count: configuration.payloadBytes)
        let transport = try Self.transport(of: configuration)
        let timer = try TimerDescriptor()
        let epoll = try Epoll()
        try transport.join(epoll)
        try epoll.add(timer.number, for: .readable, token: Self.timerToken)
        self.transport = transport
        self.timer = timer
        self.epoll = epoll
    }

    private static func transport(of configuration: ClientConfiguration) throws(SystemError) -> any RequestTransport {
        switch (configuration.transport, configuration.alternative) {
        case (.udp, nil): try DatagramTransport(to: configuration.destination)
        case (.udp, let other?): try AlternatingTransport(to: configuration.destination, and: other)
        case (.tcp, _): try StreamTransport(to: configuration.destination, connections: configuration.connections)
        }
    }

    /// Runs to the end of the duration and then until the last reply or time-out.
    /// - Parameters:
    ///   - stop: a descriptor that becomes readable when no more is to be sent.
    ///   - onOutcome: called once for every request, when its fate is known.
    ///   - onProgress: called about ten times per second.
    public mutating func run(
        stop: Int32? = nil, onOutcome: (RequestOutcome) -> Void = { _ in },
        onProgress: (ClientReport) -> Void = { _ in }
    ) throws(SystemError) -> ClientReport {
        if let stop { try epoll.add(stop, for: .readable, token: Self.stopToken) }
        var schedule = SendSchedule(
            start: DomainClock.monotonicNanoseconds(), rate: configuration.rate,
            duration: configuration.duration,
            burst: configuration.burst)
        let start = schedule.start
        var nextProgress = start
        while true {
            let now = DomainClock.monotonicNanoseconds()
            while let due = schedule.next, due <= now {
                schedule.advance()
                try send()
            }
            expire(before: now, onOutcome)
            if now >= nextProgress {
                nextProgress = now + 100_000_000
                onProgress(report)
            }
            if schedule.next == nil, outstanding.isEmpty { break }
            if try wait(until: min(schedule.next ?? .max, deadline, nextProgress)) { schedule.end() }
            try receive(onOutcome)
        }
        report.elapsed = DomainClock.monotonicNanoseconds() - start
        if let stop { try epoll.remove(stop) }
        return report
    }

    private var timeout: UInt64 { UInt64(configuration.timeout * 1e9) }
    private var deadline: UInt64 { outstanding.oldestSent.map { $0 + timeout + 1 } ?? .max }

    /// - Returns: whether the stop descriptor became readable.
    private mutating func wait(until time: UInt64) throws(SystemError) -> Bool {
        try timer.arm(atMonotonic: time)
        ready.removeAll(keepingCapacity: true)
        var reported = ready
        try epoll.wait(milliseconds: nil) { event in reported.append(event.token) }
        ready = reported
        return ready.contains(Self.stopToken)
    }

    private mutating func send() throws(SystemError) {
        var id = UInt32.random(in: 0...UInt32.max)
        while outstanding.contains(id) { id &+= 1 }
        format.fill(&payload, id: id)
        let entry = OutstandingRequests.Entry(
            id: id, sentAt: DomainClock.nanoseconds(), sentMonotonic: DomainClock.monotonicNanoseconds())
        report.sent += 1
        switch try transport.send(payload, turn: report.sent, epoll) {
        case .sent: outstanding.add(entry)
        case .notSent: report.notSent += 1
        }
    }

    private mutating func receive(_ onOutcome: (RequestOutcome) -> Void) throws(SystemError) {
        for token in ready where token != Self.stopToken && token != Self.timerToken {
            // Moved out of self: the transport calls back while it runs.
            var replies = Replies(format: format, length: payload.count, outstanding: outstanding, report: report)
            outstanding = OutstandingRequests()
            defer { (outstanding, report) = (replies.outstanding, replies.report) }
            try transport.receive(token, epoll: epoll) { replies.ingest($0, onOutcome) }
        }
        report.refused = transport.refusals
        report.disconnected = transport.disconnections
    }

    private mutating func expire(before now: UInt64, _ onOutcome: (RequestOutcome) -> Void) {
        guard now > timeout else { return }
        while let request = outstanding.removeOldest(sentBefore: now - timeout) {
            finish(request, as: .lost, onOutcome)
        }
    }

    private mutating func finish(
        _ request: OutstandingRequests.Entry, as ending: RequestOutcome.Ending, _ onOutcome: (RequestOutcome) -> Void
    ) {
        report.add(RequestOutcome(id: request.id, sentAt: request.sentAt, ending: ending), onOutcome)
    }
}

/// The bookkeeping of replies.
private struct Replies {
    let format: RequestPayload
    let length: Int
    var outstanding: OutstandingRequests
    var report: ClientReport

    mutating func ingest(_ reply: ArraySlice<UInt8>, _ onOutcome: (RequestOutcome) -> Void) {
        let monotonic = DomainClock.monotonicNanoseconds()
        guard let id = RequestPayload.id(of: reply), let request = outstanding.remove(id) else {
            report.unexpected += 1
            return
        }
        let roundTrip = monotonic - request.sentMonotonic
        let intact = format.isIntact(reply, id: id, length: length)
        report.add(
            RequestOutcome(
                id: request.id, sentAt: request.sentAt,
                ending: intact ? .replied(roundTrip: roundTrip) : .changed(roundTrip: roundTrip)), onOutcome)
    }
}
