// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// What the client sends, where to, and for how long.
public struct ClientConfiguration: Sendable {
    public var destination: IPv4Endpoint
    /// Requests a second, evenly spaced.
    public var rate: Double
    /// Seconds.
    public var duration: Double
    /// Bytes of UDP payload, the request id included.
    public var payloadBytes = 64
    /// Seconds after which a request without a reply is lost.
    public var timeout = 1.0

    public init(destination: IPv4Endpoint, rate: Double, duration: Double) {
        self.destination = destination
        self.rate = rate
        self.duration = duration
    }

    public static let payloadRange = RequestPayload.idBytes...1472
}

/// Sends requests at a fixed rate and times their replies.
///
/// An open loop: request *n* leaves at its own time, start + n / rate, whether or not earlier ones were answered;
/// one that is late leaves at once and moves none of the later ones. One thread, one socket, in the network
/// namespace of the thread that makes it.
public struct Client: ~Copyable {
    private let configuration: ClientConfiguration
    private let socket: DatagramSocket
    private let timer: TimerDescriptor
    private var epoll: Epoll
    private var outstanding = OutstandingRequests()
    private var report = ClientReport()
    private var payload: [UInt8]
    private var received = [UInt8](repeating: 0, count: 2048)

    private static let socketToken: UInt64 = 0
    private static let timerToken: UInt64 = 1
    private static let stopToken: UInt64 = 2

    public init(_ configuration: ClientConfiguration) throws(SystemError) {
        precondition(ClientConfiguration.payloadRange.contains(configuration.payloadBytes))
        self.configuration = configuration
        payload = [UInt8](repeating: 0, count: configuration.payloadBytes)
        let socket = try DatagramSocket()
        try socket.connect(to: configuration.destination)
        try socket.setReceiveBuffer(bytes: 4 << 20)
        let timer = try TimerDescriptor()
        let epoll = try Epoll()
        try epoll.add(socket.number, for: .readable, token: Self.socketToken)
        try epoll.add(timer.number, for: .readable, token: Self.timerToken)
        self.socket = socket
        self.timer = timer
        self.epoll = epoll
    }

    /// Runs to the end of the duration and then until the last reply or time-out.
    /// - Parameters:
    ///   - stop: a descriptor that becomes readable when no more is to be sent.
    ///   - onOutcome: called once for every request, when its fate is known.
    ///   - onProgress: called about ten times a second.
    public mutating func run(
        stop: Int32? = nil, onOutcome: (RequestOutcome) -> Void = { _ in },
        onProgress: (ClientReport) -> Void = { _ in }
    ) throws(SystemError) -> ClientReport {
        if let stop { try epoll.add(stop, for: .readable, token: Self.stopToken) }
        var schedule = SendSchedule(
            start: DomainClock.monotonicNanoseconds(), rate: configuration.rate, duration: configuration.duration)
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
        var stopped = false
        try epoll.wait(milliseconds: nil) { event in stopped = stopped || event.token == Self.stopToken }
        return stopped
    }

    private mutating func send() throws(SystemError) {
        var id = UInt32.random(in: 0...UInt32.max)
        while outstanding.contains(id) { id &+= 1 }
        RequestPayload.fill(&payload, id: id)
        let entry = OutstandingRequests.Entry(
            id: id, sentAt: DomainClock.nanoseconds(), sentMonotonic: DomainClock.monotonicNanoseconds())
        report.sent += 1
        do {
            try sendOnce()
            outstanding.add(entry)
        } catch  where error.errno == .connectionRefused {
            // What an earlier request met is told at this one, which has not left: once more.
            report.refused += 1
            try sendOnce()
            outstanding.add(entry)
        } catch  where error.errno == .noBuffers || error.errno == .wouldBlock {
            report.notSent += 1
        }
    }

    private func sendOnce() throws(SystemError) { try socket.send(payload.span) }

    private mutating func receive(_ onOutcome: (RequestOutcome) -> Void) throws(SystemError) {
        while let count = try receiveOnce() {
            let monotonic = DomainClock.monotonicNanoseconds()
            let reply = received[..<count]
            guard let id = RequestPayload.id(of: reply), let request = outstanding.take(id) else {
                report.unexpected += 1
                continue
            }
            let roundTrip = monotonic - request.sentMonotonic
            let intact = RequestPayload.isIntact(reply, id: id, length: payload.count)
            finish(request, intact ? .replied(roundTrip: roundTrip) : .changed(roundTrip: roundTrip), onOutcome)
        }
    }

    /// - Returns: the length of the datagram now in `received`; nil when none waits.
    private mutating func receiveOnce() throws(SystemError) -> Int? {
        do {
            return try socket.receive(into: &received)?.count
        } catch  where error.errno == .connectionRefused {
            report.refused += 1
            return nil
        }
    }

    private mutating func expire(before now: UInt64, _ onOutcome: (RequestOutcome) -> Void) {
        guard now > timeout else { return }
        while let request = outstanding.takeOldest(sentBefore: now - timeout) { finish(request, .lost, onOutcome) }
    }

    private mutating func finish(
        _ request: OutstandingRequests.Entry, _ ending: RequestOutcome.Ending, _ onOutcome: (RequestOutcome) -> Void
    ) {
        let outcome = RequestOutcome(id: request.id, sentAt: request.sentAt, ending: ending)
        report.add(outcome)
        onOutcome(outcome)
    }
}
