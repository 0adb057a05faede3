// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import SwitchRuntime

/// A switch between hosts that leave checksums and segmentation to their network cards, as the kernel creates veth
/// pairs: it does both.
@Suite(.needsRoot, .serialized) struct OffloadedHostsTests {
    private static let leftAddress = IPAddress("10.9.0.1")!
    private static let rightAddress = IPAddress("10.9.0.2")!
    private let ports = [PortOptions(number: 1, interface: "sw1"), PortOptions(number: 2, interface: "sw2")]

    private func withHosts(_ body: (LiveSwitch) throws -> Void) throws {
        try withNamespaces(3) { namespaces in
            let lab = LiveSwitch(left: namespaces[0], right: namespaces[1], middle: namespaces[2])
            try connectWithOffloads(VethEnd("left", in: lab.left), VethEnd("sw1", in: lab.middle))
            try connectWithOffloads(VethEnd("right", in: lab.right), VethEnd("sw2", in: lab.middle))
            for (host, name, address) in [
                (lab.left, "left", Self.leftAddress), (lab.right, "right", Self.rightAddress),
            ] {
                var session = try RouteSession(in: host)
                try session.addAddress(#require(IPPrefix(address, length: 24)), to: name)
            }
            let running = try lab.start(SwitchOptions(ports: ports))
            try body(lab)
            _ = try running.stop()
        }
    }

    private func connectWithOffloads(_ host: VethEnd, _ port: VethEnd) throws {
        var session = try RouteSession()
        try session.createVethPair(host, port)
        for end in [host, port] {
            var inside = try RouteSession(in: end.namespace)
            try inside.setUp(end.name)
        }
        try host.namespace.perform {
            for offload in Offload.allCases { try InterfaceControl().set(offload, of: host.name, to: true) }
        }
    }

    @Test func datagramsArriveWithTheirChecksum() throws {
        try withHosts { lab in
            let server = try lab.right.perform { try DatagramSocket() }
            try server.bind(to: Endpoint(Self.rightAddress, port: Port(9000)))
            try server.setReceiveTimeout(microseconds: 2_000_000)
            let client = try lab.left.perform { try DatagramSocket() }
            var buffer = [UInt8](repeating: 0, count: 2000)
            for size in [1, 8, 9, 1399, 1472] {
                let sent = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                try client.send(sent.span, to: Endpoint(Self.rightAddress, port: Port(9000)))
                var span = buffer.mutableSpan
                let received = try #require(try server.receive(into: &span))
                #expect(Array(buffer[..<received.count]) == sent)
            }
        }
    }

    @Test func aStreamArrivesAlthoughItsSegmentsAreLeftToTheCard() throws {
        let size = 3_000_000
        try withHosts { lab in
            let listener = try lab.right.perform {
                try ListeningSocket(at: Endpoint(Self.rightAddress, port: Port(9001)))
            }
            let receiver = try BackgroundThread(in: lab.right) { try receive(size, from: listener) }
            let client = try lab.left.perform {
                try StreamSocket(connectingTo: Endpoint(Self.rightAddress, port: Port(9001)))
            }
            try client.waitUntilConnected(milliseconds: 3000)
            let bytes = (0..<size).map(byte)
            var at = 0
            let end = DomainClock.monotonicNanoseconds() + 20_000_000_000
            while at < size, DomainClock.monotonicNanoseconds() < end {
                if let count = try client.send(bytes.span.extracting(at..<size)) { at += count } else { usleep(500) }
            }
            #expect(try receiver.join() == size)
        }
    }
}

private func byte(_ place: Int) -> UInt8 { UInt8(truncatingIfNeeded: place &* 31 ^ place >> 11) }

/// How many bytes came in order and unchanged.
private func receive(_ size: Int, from listener: borrowing ListeningSocket) throws -> Int {
    var connection: StreamSocket?
    let end = DomainClock.monotonicNanoseconds() + 20_000_000_000
    while connection == nil, DomainClock.monotonicNanoseconds() < end {
        connection = try listener.accept()
        usleep(500)
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var at = 0
    while at < size, DomainClock.monotonicNanoseconds() < end {
        var span = buffer.mutableSpan
        guard let count = try connection?.receive(into: &span) else {
            usleep(500)
            continue
        }
        if count == 0 { break }
        for index in 0..<count where buffer[index] != byte(at + index) { return at + index }
        at += count
    }
    return at
}
