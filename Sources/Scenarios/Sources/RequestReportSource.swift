// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Collector
internal import HostAgent
internal import Journeys
internal import LinuxSystem

/// What the client role's programs report on one interface: replies with their telemetry, and the application's calls.
public struct RequestReportSource: JourneySource, ~Copyable {
    private static let stopToken: UInt64 = 1
    private static let reportsToken: UInt64 = 2
    /// How long a reply waits for its application's receive call: 200 ms, in nanoseconds.
    static let receiveCallTimeout: UInt64 = 200_000_000

    private var reports: RequestReports
    private var prober: NeighbourProber
    /// Requests that left with their telemetry's sink at a switch, so that no reply is reported here.
    public private(set) var requestsWithSwitchSink = 0

    /// Opens the reports of the programs that are attached to the interface.
    /// - Throws: why there is nothing to read, such as programs that are not attached.
    public init(interface: String) throws {
        let host = TelemetryHost(interface: interface)
        let prober = try host.neighbourProber()
        reports = try host.requestReports()
        self.prober = prober
    }

    /// Feeds what is reported, and keeps the client's neighbours known.
    public mutating func run(into input: inout some JourneyInput & ~Copyable, until stop: Int32) throws {
        var epoll = try Epoll(capacity: 2)
        try epoll.add(stop, for: .readable, token: Self.stopToken)
        try epoll.add(reports.number, for: .readable, token: Self.reportsToken)
        var stopped = false
        while !stopped {
            try epoll.wait(milliseconds: 100) { if $0.token == Self.stopToken { stopped = true } }
            var sent = 0
            try reports.read { report in
                if case .sent = report.kind { sent += 1 }
                report.feed(&input)
            }
            requestsWithSwitchSink += sent
            try prober.probe()
            input.tick()
        }
    }
}

extension RequestReport {
    /// Over TCP the application's receive call is reported a moment after the reply, so a reply waits for it; of UDP no
    /// socket shows which datagram a call has received.
    func feed(_ input: inout some JourneyInput & ~Copyable) {
        switch kind {
        case .sent: break
        case .reply(let head):
            var times = ClientTimes(sent: called, arrived: arrived)
            times.unreported = unreported
            var info = FrameInfo(time: arrived ?? 0, originalLength: head.count, client: times)
            if flow.ipProtocol == .tcp, let source {
                info.awaits = FrameInfo.AwaitedTimes(
                    .number(source.sequence, of: flow), until: (arrived ?? 0) + RequestReportSource.receiveCallTimeout)
            }
            input.ingest(head.span, info)
        case .received(let time):
            guard let source else { return }
            input.ingest(ClientTimes(received: time), of: .number(source.sequence, of: flow))
        }
    }
}
