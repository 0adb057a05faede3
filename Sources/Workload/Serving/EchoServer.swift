// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import LinuxSystem

/// A server as plain as can be: each datagram, and each request of a connection, goes back unchanged.
///
/// It knows nothing of telemetry; that is its point.
public struct EchoServer: ~Copyable {
    private var services: [UInt64: any EchoService] = [:]
    private var nextToken: UInt64 = 0
    private var epoll: Epoll
    private var work = EchoWork()

    /// Where it listens: the first endpoint, with the port that was chosen if 0 was asked for.
    public let endpoint: Endpoint

    /// Requests sent back, and those the kernel refused to send.
    public var answered: Int { work.answered }
    /// Requests whose reply the kernel refused to send.
    public var notAnswered: Int { work.notAnswered }

    private static let stopToken = UInt64.max

    /// Listens at all endpoints by all protocols. Where port 0 is asked for, all listen at the one that the first got.
    public init(at endpoints: [Endpoint], by protocols: Set<TransportProtocol> = [.udp]) throws(SystemError) {
        precondition(!endpoints.isEmpty && !protocols.isEmpty, "a server listens somewhere")
        var opened: [any EchoService] = []
        var first: Endpoint?
        for wanted in endpoints {
            for transport in TransportProtocol.allCases where protocols.contains(transport) {
                let port = wanted.port == 0 ? first?.port ?? 0 : wanted.port
                let (service, endpoint) = try Self.open(Endpoint(wanted.address, port: port), transport)
                opened.append(service)
                first = first ?? endpoint
            }
        }
        let epoll = try Epoll()
        for service in opened {
            try epoll.add(service.number, for: service.interest, token: nextToken)
            services[nextToken] = service
            nextToken += 1
        }
        endpoint = first ?? endpoints[0]
        self.epoll = epoll
    }

    /// One UDP socket.
    public init(at endpoint: Endpoint) throws(SystemError) { try self.init(at: [endpoint]) }

    /// Answers until `stop` becomes readable.
    public mutating func run(stop: Int32) throws(SystemError) {
        try epoll.add(stop, for: .readable, token: Self.stopToken)
        var ready: [UInt64] = []
        while !ready.contains(Self.stopToken) {
            ready.removeAll(keepingCapacity: true)
            try epoll.wait(milliseconds: nil) { event in ready.append(event.token) }
            for token in ready { try serve(token) }
        }
        try epoll.remove(stop)
    }

    private static func open(
        _ endpoint: Endpoint, _ transport: TransportProtocol
    ) throws(SystemError) -> (any EchoService, Endpoint) {
        switch transport {
        case .udp:
            let service = try DatagramEcho(at: endpoint)
            return (service, service.endpoint)
        case .tcp:
            let service = try StreamListener(at: endpoint)
            return (service, service.endpoint)
        }
    }

    private mutating func serve(_ token: UInt64) throws(SystemError) {
        guard let service = services[token] else { return }
        let before = service.interest
        guard try service.serve(&work) else {
            // Closing the socket takes it out of the epoll.
            services[token] = nil
            return
        }
        if service.interest != before { try epoll.change(service.number, to: service.interest, token: token) }
        guard !work.newServices.isEmpty else { return }
        for connection in work.newServices {
            try epoll.add(connection.number, for: connection.interest, token: nextToken)
            services[nextToken] = connection
            nextToken += 1
        }
        work.newServices.removeAll()
    }
}

extension DatagramSocket {
    /// Takes a datagram that has come into the start of `buffer`; nil if none waits.
    borrowing func receive(into buffer: inout [UInt8]) throws(SystemError) -> ReceivedDatagram? {
        var span = buffer.mutableSpan
        return try receive(into: &span, waits: false)
    }
}

extension EchoServer {
    /// A port of all addresses: of IPv4, and of IPv6 where the kernel has it.
    public static func everywhere(port: Port) -> [Endpoint] {
        let hasIPv6 = (try? DatagramSocket(overIPv6: true).bind(to: Endpoint(.v6(.any), port: 0))) != nil
        return [Endpoint(.any, port: port)] + (hasIPv6 ? [Endpoint(.v6(.any), port: port)] : [])
    }
}
