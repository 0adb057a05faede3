// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import Wire

@testable import HostAgent

extension LiveTests {
    /// The time of the application's send call, where datagrams leave later than their call ends.
    @Suite(.serialized) struct SendCallTests {
        /// When a send call was made.
        private struct Call {
            var began: UInt64
            var ended: UInt64
        }

        @Test func aDatagramThatWaitedForItsNeighbourHasItsOwnCallsTimeOrNone() throws {
            try HostLab.with { lab in
                var options = AttachOptions()
                options.role = .client
                options.client.peers = [try #require(Peer("10.0.0.0/8:1234"))]
                options.client.sink = .switch
                options.client.probes = false
                _ = try lab.host { [options] in try $0.attach(options) }
                defer { try? lab.host { try $0.detach() } }
                let calls = try BackgroundThread(in: lab.server) { try sendToSilentNeighbours(lab) }.join()
                let reported = try lab.host { try reports(of: $0) }
                var late = 0
                for (number, call) in calls {
                    let report = try #require(reported[number], "\(IPv4Address(rawValue: number)) has left")
                    let source = try #require(report.source)
                    if source.sent > call.ended { late += 1 }
                    guard let called = report.called else { continue }
                    #expect((call.began...call.ended).contains(called), "\(IPv4Address(rawValue: number))")
                }
                #expect(late > 0, "some have waited for their neighbour")
                // A neighbour that is known: nothing waits, and the call is.
                let direct = try #require(reported[0x0A00_0101])
                #expect(direct.called != nil)
            }
        }

        /// By the address that they went to.
        private func reports(of host: TelemetryHost) throws -> [UInt32: RequestReport] {
            var reports = try host.requestReports()
            var reported: [UInt32: RequestReport] = [:]
            try reports.read { report in
                if case .v4(let address) = report.flow.destination { reported[address.rawValue] = report }
            }
            return reported
        }

        /// One datagram to each of some neighbours, which answer only while the socket is busy with others.
        private func sendToSilentNeighbours(_ lab: HostLab) throws -> [UInt32: Call] {
            try Processor.usable().first?.pinThread()
            try Descriptor.open("/proc/sys/net/ipv4/neigh/eth0/retrans_time_ms", flags: O_WRONLY).write(
                Array("40".utf8))
            let socket = try DatagramSocket()
            var route = try RouteSession(in: lab.cable)
            var calls: [UInt32: Call] = [:]
            let known = try #require(IPv4Address(HostLab.clientAddress))
            calls[0x0A00_0101] = try call(socket, known)
            for round in 1...12 as ClosedRange<UInt32> {
                let address = try #require(IPv4Address("10.0.3.\(round)"))
                calls[0x0A00_0300 + round] = try call(socket, address)
                try route.addAddress(try #require(IPPrefix("10.0.3.\(round)/32")), to: "wire")
                // Until the neighbour is asked again: it is answered, most likely, within one of these calls.
                let end = DomainClock.nanoseconds() + 60_000_000
                while DomainClock.nanoseconds() < end {
                    try socket.send([1, 2, 3, 4].span, to: Endpoint(known, port: 9))
                }
            }
            return calls
        }

        private func call(_ socket: borrowing DatagramSocket, _ address: IPv4Address) throws -> Call {
            let began = DomainClock.nanoseconds()
            try socket.send([1, 2, 3, 4].span, to: Endpoint(address, port: 1234))
            return Call(began: began, ended: DomainClock.nanoseconds())
        }
    }
}
