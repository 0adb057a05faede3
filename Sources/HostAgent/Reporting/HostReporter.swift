// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import BPF
internal import CHostPrograms
internal import Journeys
internal import LinuxSystem
public import RequestParsing
internal import TelemetryFormats

/// Reports to a collector what requests with telemetry ask for. The programs copy requests only while this agent runs: it
/// renews a lease of 3 s every second.
public struct HostReporter: ~Copyable {
    /// What is reported, and where to.
    public struct Settings: Sendable {
        /// How requests are read, by port.
        public var rules = IdentityRules()
        /// What `snapLength` may be.
        public static let snapLengths = 16...1024

        /// Bytes of a request's first segment that are captured.
        public var snapLength = 512
        /// Nanoseconds after which a reply over TCP is complete if nothing more of it leaves once all is acknowledged.
        public var replyQuiet: UInt64 = 250_000_000
        /// What `unansweredAfter` may be.
        public static let waits = 1...300
        /// Seconds without a reply after which a request is reported as unanswered.
        public var unansweredAfter = 5
        /// Where reports go.
        public var collector: Endpoint

        /// The rules of well-known ports, 512 bytes, and 5 s.
        public init(to collector: Endpoint) { self.collector = collector }
    }

    /// What has happened so far.
    public struct Counts: Sendable, Hashable {
        /// Reports sent.
        public var sent: UInt64 = 0
        /// Reports that the network refused.
        public var refused: UInt64 = 0
        /// Events that the ring had no room for, since the programs were loaded.
        public var lost: UInt64 = 0
        /// Requests reported as unanswered.
        public var unanswered: UInt64 = 0
        /// Requests reported whose reply had no room for the telemetry.
        public var noRoom: UInt64 = 0
        /// Requests reported whose telemetry the host gave up.
        public var givenUp: UInt64 = 0
        /// Requests without a report: events were lost while they were open, or too many were.
        public var unclear: UInt64 = 0
    }

    /// The lease, in nanoseconds.
    static let lease: UInt64 = 3_000_000_000
    private static let renewal: UInt64 = 1_000_000_000
    private static let pauseMilliseconds: Int32 = 10
    private static let stopToken: UInt64 = 1

    /// What has happened so far.
    public private(set) var counts = Counts()
    private let look: Shared<BPFMap>
    private let looked: Shared<BPFMap>
    /// nil: the attached programs are of a version that follows no replies.
    private let following: Shared<BPFMap>?
    private var ring: RingBuffer
    private var completions: ReplyCompletions
    private var requests: OpenRequests
    private let settings: Settings
    private let socket: DatagramSocket

    /// Opens what is attached to the interface; the socket is of this thread's network namespace.
    /// - Throws: why there is nothing to read.
    public init(_ host: TelemetryHost, _ settings: Settings) throws {
        let maps = try host.withMaps(ofServers: true) { (maps) throws(BPFError) in
            (
                try maps.map("p4ni_look"), try maps.map("p4ni_looked"), try maps.map("p4ni_requests"),
                maps["p4ni_following"]
            )
        }
        let ring = try RingBuffer(maps.2.value)
        let socket = try DatagramSocket(overIPv6: settings.collector.address.isIPv6)
        look = maps.0
        looked = maps.1
        following = maps.3
        completions = ReplyCompletions(quiet: settings.replyQuiet)
        requests = OpenRequests(settings.rules, patience: UInt64(settings.unansweredAfter) * 1_000_000_000)
        self.settings = settings
        self.ring = ring
        self.socket = socket
    }

    /// Reports until `stop` becomes readable.
    /// - Parameter onSecond: called about once per second.
    public mutating func run(until stop: Int32, onSecond: (Counts) -> Void = { _ in }) throws {
        var epoll = try Epoll(capacity: 1)
        try epoll.add(stop, for: .readable, token: Self.stopToken)
        defer { try? renewLease(until: 0) }
        var renewed: UInt64 = 0
        var stopped = false
        while !stopped {
            let now = DomainClock.monotonicNanoseconds()
            if now &- renewed >= Self.renewal {
                try renewLease(until: now + Self.lease)
                renewed = now
                try noteLosses(at: now)
                onSecond(counts)
            }
            try epoll.wait(milliseconds: Self.pauseMilliseconds) { _ in stopped = true }
            try forward()
        }
    }

    /// Reads all that is there, and sends what it makes.
    private mutating func forward() throws {
        var messages: [HostReportFormat.Message] = []
        var requests = requests
        var completions = completions
        let read = DomainClock.monotonicNanoseconds()
        requests.setClock(DomainClock.nanoseconds(), at: read)
        try ring.consume { bytes in
            if let event = RequestEvent(bytes) {
                if let message = requests.accept(event) { messages.append(message) }
            } else if let event = ProgressEvent(bytes), let found = completions.accept(event, at: read) {
                messages.append(HostReportFormat.Message(HostReport(found)))
            }
        }
        messages += completions.expire(at: read).map { HostReportFormat.Message(HostReport($0)) }
        self.requests = requests
        self.completions = completions
        if self.requests.hasDue(at: read) {
            try noteLosses(at: read)
            messages += self.requests.expire(at: read)
        }
        send(messages)
        noteRequests()
    }

    private mutating func send(_ messages: [HostReportFormat.Message]) {
        for datagram in HostReportFormat.datagrams(of: messages) {
            let count = UInt64(datagram[HostReportFormat.countOffset])
            do {
                try socket.send(datagram.span, to: settings.collector)
                counts.sent += count
            } catch {
                counts.refused += count
            }
        }
    }

    private mutating func noteRequests() {
        counts.unanswered = requests.counts.unanswered
        counts.noRoom = requests.counts.noRoom
        counts.givenUp = requests.counts.givenUp
        counts.unclear = requests.counts.unclear
    }

    private mutating func noteLosses(at now: UInt64) throws {
        let lost = try lostEvents()
        if lost != counts.lost { requests.noteLoss(at: now) }
        counts.lost = lost
    }

    private func renewLease(until: UInt64) throws(BPFError) {
        let bytes = min(max(settings.snapLength, 16), Int(P4NI_LOOK_MAX))
        try following?.value.write(p4ni_following(until: until))
        try look.value.write(p4ni_look(until: until, bytes: UInt32(bytes), reserved: 0))
    }

    private func lostEvents() throws(BPFError) -> UInt64 {
        let counters = try looked.value.readCounters()
        return counters.count > 1 ? counters[1] : 0
    }
}
