// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys
public import LinuxSystem
internal import Synchronization
public import TelemetryFormats

/// Where the reports of hosts' agents come from.
public protocol HostReportInput: Sendable {
    /// The reports that are there, without waiting.
    func receive() -> [HostReport]
}

/// Reports of hosts' agents that come by UDP. Whoever can send to the endpoint can name requests: bind it where only hosts
/// reach it.
public final class HostReportReceiver: HostReportInput {
    /// Datagrams that are read at one time, so that a flood of them holds up nothing else for long.
    private static let most = 4096
    private static let receiveBuffer: Int32 = 8 << 20

    private let socket: DatagramSocket
    private let decoder: TelemetryDecoder
    private let counters = Mutex((malformed: UInt64(0), reports: UInt64(0)))

    /// Receives what is sent to the endpoint from now on.
    /// - Parameter decoder: decodes the requests in reports.
    public init(at endpoint: Endpoint, decoder: TelemetryDecoder = TelemetryDecoder()) throws(SystemError) {
        self.decoder = decoder
        socket = try DatagramSocket(overIPv6: endpoint.address.isIPv6)
        try socket.setReceiveBuffer(bytes: Self.receiveBuffer)
        try socket.bind(to: endpoint)
    }

    /// Where it receives.
    public func endpoint() throws(SystemError) -> Endpoint { try socket.localEndpoint() }

    /// Datagrams so far that were no reports of a known version.
    public var malformed: UInt64 { counters.withLock { $0.malformed } }
    /// Reports so far.
    public var reports: UInt64 { counters.withLock { $0.reports } }

    /// The reports that are there, without waiting.
    public func receive() -> [HostReport] {
        var found: [HostReport] = []
        var buffer = [UInt8](repeating: 0, count: HostReportFormat.largestDatagram + 1)
        for _ in 0..<Self.most {
            var bytes = buffer.mutableSpan
            guard let datagram = try? socket.receive(into: &bytes, waits: false) else { break }
            let reports = HostReportFormat.reports(in: buffer.span.extracting(..<datagram.count), by: decoder)
            counters.withLock { counters in
                counters.malformed &+= reports == nil ? 1 : 0
                counters.reports &+= UInt64(reports?.count ?? 0)
            }
            found += reports ?? []
        }
        return found
    }
}
