// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import Testing

@testable import HostAgent

extension LiveTests {
    /// What is known of ports: that telemetry came for them, so that their replies are looked at.
    @Suite(.serialized) struct UsedPortTests {
        @Test func aReplacementKeepsWhichPortsHadTelemetry() throws {
            try HostLab.with { lab in
                let socket = try lab.server.perform {
                    let socket = try DatagramSocket()
                    try socket.bind(to: SocketEndpoint(.any, port: HostLab.serverPort))
                    try socket.setReceiveTimeout(microseconds: 5_000_000)
                    return socket
                }
                _ = try lab.host { try $0.attach() }
                defer { try? lab.host { try $0.detach() } }
                var wire = try Cable(lab)
                wire.send(RequestFrame().bytes)
                var buffer = [UInt8](repeating: 0, count: 2048)
                var span = buffer.mutableSpan
                let received = try socket.receive(into: &span)
                let request = try #require(received)
                var options = AttachOptions()
                options.replaces = true
                // A rule for another port comes, and one's own stays as it was.
                options.rules = [try #require(MatchingRule("udp/53=dns"))]
                let replaced = try lab.host { [options] in try $0.attach(options) }
                #expect(replaced.keptMaps == true)
                try socket.send(buffer.span.extracting(first: request.count), to: request.sender)
                let reply = wire.nextReply()
                #expect(reply.map { Array($0[12..<14]) } == big(UInt16(0x1212)))
            }
        }
    }
}
