// SPDX-License-Identifier: Apache-2.0

/// One section of a journey with a duration.
public struct JourneyPart: Sendable, Hashable {
    /// In which direction a part lies.
    public enum Direction: String, Sendable, Hashable {
        /// From the client to the server.
        case out = "out"
        /// From the server to the client.
        case back = "back"
        /// Both directions together, where only their sum is known.
        case both = "out+back"
        /// The report does not say.
        case unknown = ""
    }

    /// What it is, the same for every journey on this path: aggregates are kept by it.
    public enum Kind: Sendable, Hashable {
        /// From ingress to egress of a switch, its queue included.
        case hop(SwitchID, Direction)
        /// From one switch's egress to the next one's ingress.
        case link(SwitchID, SwitchID, Direction)
        /// In the client's kernel: from the send call to the TC egress hook, or from the XDP hook until the application
        /// has the reply.
        case clientStack(Direction)
        /// Between the client and the switch next to it: from the TC egress hook to the switch's ingress, or from the
        /// switch's egress to the XDP hook; from and to the application's calls where the client's host reports nothing.
        case clientLink(SwitchID, Direction)
        /// From the client's TC egress hook to the server's XDP hook, or from the server's TC egress hook to the
        /// client's XDP hook, where no switch between them reports.
        case directLink(Direction)
        /// From the last switch to the server and from there to the first switch back, without the server's own time.
        case serverLink(SwitchID, SwitchID)
        /// One direction between the last switch and the server: to its XDP hook, or from its TC egress hook.
        case serverLinkOneWay(SwitchID, Direction)
        /// From the reply's first frame at the server's TC egress hook, which had no room for telemetry, over the later
        /// frame that took it to this switch, or to the client's XDP hook (nil).
        case lateLink(SwitchID?)
        /// From the server's XDP hook to its TC egress hook.
        case host
        /// The share of `host` spent in these stages: a part within it.
        case hostSpan(HostSpan)
        /// From the reply's first byte at the server's TC egress hook to its last.
        case reply
        /// The share of `reply` in which bytes waited for an acknowledgement: a part within it.
        case replyWait
        /// From there to the client's last acknowledgement at the server's XDP hook: beside the others, as nobody waits for it.
        case acknowledgement
    }

    /// Why there is no duration.
    public enum Absence: Sendable, Hashable {
        /// Nobody reported it: the format does not have it, or a record is missing.
        case notReported
        /// The times contradict each other: the clocks differ.
        case clocksDisagree
    }

    /// What it is.
    public var kind: Kind
    /// Exact to the clock's resolution if it depends on switches' clocks; nil if unknown.
    public var duration: Nanoseconds?
    /// Why there is no duration; nil if there is one.
    public var absence: Absence?
    /// For a switch: which of the journey's `hops`.
    public var hopIndex: Int?

    /// Whether this part lies within the last one before it that does not, and does not add to the sum.
    public var isWithin: Bool { kind.isWithin }
    /// Whether this part lies beside the others, and does not add to the sum.
    public var isBeside: Bool { kind.isBeside }

    package init(_ kind: Kind, _ duration: Nanoseconds?, absence: Absence = .notReported, hopIndex: Int? = nil) {
        self.kind = kind
        self.duration = duration
        self.absence = duration == nil ? absence : nil
        self.hopIndex = hopIndex
    }
}

/// Names of switches and hosts in names of parts.
public struct PlaceNames: Sendable {
    /// The switches' names; others are called s and their number.
    public var switches: [SwitchID: String]
    /// The server's host.
    public var server: String
    /// The client's host.
    public var client: String

    /// Switches that `switches` does not name are called s and their number.
    public init(switches: [SwitchID: String] = [:], server: String = "server", client: String = "client") {
        self.switches = switches
        self.client = client
        self.server = server
    }

    /// The switch's name.
    public func name(of id: SwitchID) -> String { switches[id] ?? "s\(id.rawValue)" }
}

extension JourneyPart.Kind {
    /// Whether such a part lies within `host` or `reply`.
    public var isWithin: Bool {
        switch self {
        case .hostSpan, .replyWait: true
        default: false
        }
    }

    /// Whether such a part lies beside the others.
    public var isBeside: Bool { self == .acknowledgement }

    /// Such as `link client-s1 out`, `switch s1 out`, `link s1-s2 out`, `link s3-server out+back`, `server host`.
    public func name(_ places: PlaceNames = PlaceNames()) -> String {
        switch self {
        case .hop(let id, .unknown): "switch \(places.name(of: id))"
        case .hop(let id, let direction): "switch \(places.name(of: id)) \(direction.rawValue)"
        case .link(let from, let to, let direction):
            "link \(places.name(of: from))-\(places.name(of: to)) \(direction.rawValue)"
        case .clientStack(let direction): "\(places.client) \(direction.rawValue)"
        case .directLink(.back): "link \(places.server)-\(places.client) back"
        case .directLink(let direction): "link \(places.client)-\(places.server) \(direction.rawValue)"
        case .clientLink(let id, .back): "link \(places.name(of: id))-\(places.client) back"
        case .clientLink(let id, let direction):
            "link \(places.client)-\(places.name(of: id)) \(direction.rawValue)"
        case .serverLink(let out, let back) where out == back:
            "link \(places.name(of: out))-\(places.server) out+back"
        case .serverLink(let out, let back):
            "link \(places.name(of: out))-\(places.server)-\(places.name(of: back)) out+back"
        case .serverLinkOneWay(let id, .back): "link \(places.server)-\(places.name(of: id)) back"
        case .serverLinkOneWay(let id, let direction):
            "link \(places.name(of: id))-\(places.server) \(direction.rawValue)"
        case .lateLink(let id):
            "rest of reply and link \(places.server)-\(id.map(places.name) ?? places.client) back"
        case .host: "\(places.server) host"
        case .hostSpan(let span): "\(places.server) \(span.name)"
        case .reply: "\(places.server) rest of reply"
        case .replyWait: "\(places.server) wait for acknowledgement"
        case .acknowledgement: "\(places.server) last acknowledgement"
        }
    }
}
