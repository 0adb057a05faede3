// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// A third party's frames with telemetry under a client's addresses, ports and request id. Without the programs none of
/// that client's replies is lost; with them neither.
enum Spoof: String, CaseIterable, Sendable {
    /// No application gets it.
    case wrongChecksum
    /// The checksum is right, and no application gets it: it is addressed to nobody.
    case addressedToNobody
    /// The application answers it, too.
    case delivered
    case dns
    case trustedPrefix

    var request: SpoofedRequest {
        var request = SpoofedRequest()
        switch self {
        case .wrongChecksum, .trustedPrefix: request.frame.checksumError = 1
        case .addressedToNobody: request.destination = SpoofLab.otherLink
        case .delivered: break
        // Only the first two bytes are the id.
        case .dns: request.frame.requestID ^= 0xffff
        }
        return request
    }

    var options: AttachOptions {
        var options = AttachOptions()
        if self == .dns, let rule = MatchingRule("udp/1234=dns") { options.rules = [rule] }
        if self == .trustedPrefix, let prefix = IPPrefix("10.0.1.0/24") { options.trust = .sources([prefix]) }
        return options
    }
}

extension LiveTests {
    @Suite(.serialized) struct SpoofTests {
        private static let requests = 100

        @Test(arguments: Spoof.allCases) func noReplyToAnotherIsLost(_ spoof: Spoof) throws {
            let request = spoof.request
            try SpoofLab.with(spoof.options) { lab in
                var heard = try lab.hearTelemetry()
                try EchoServer.with(lab.host) {
                    var answered = 0
                    let rate = try lab.attack(with: request.bytes) {
                        answered = try lab.answersToVictim(of: Self.requests)
                    }
                    #expect(answered == Self.requests)
                    #expect(rate > 1000, "\(rate) frames per second")
                }
                // The application's replies to a third party may bring its own telemetry to the victim.
                var frames = 0
                while heard.receive(limit: 1024, { _, _ in frames += 1 }) > 0 {}
                if spoof != .delivered && spoof != .dns { #expect(frames == 0) }
                try expectCounts(of: spoof, lab)
            }
        }

        @Test(arguments: SpoofedSegment.allCases)
        func noConnectionIsHeldUp(_ spoof: SpoofedSegment) throws {
            try SpoofLab.with { lab in
                var heard = try lab.hearTelemetry()
                try EchoConnection.with(lab.host) {
                    var answered = 0
                    let rate = try lab.attack(with: spoof) {
                        answered = try lab.answersOnConnection(of: Self.requests)
                    }
                    #expect(answered == Self.requests)
                    #expect(rate > 1000, "\(rate) frames per second")
                }
                var frames = 0
                while heard.receive(limit: 1024, { _, _ in frames += 1 }) > 0 {}
                let counts = try lab.host.host { try $0.status() }.counts
                // A segment right after the victim's own is not known for what it is before the socket has that.
                #expect(frames <= (spoof == .addressedToNobody ? Self.requests / 10 : 0))
                if spoof == .wrongChecksum { #expect(counts[.xdpDamaged] > 100) }
                if spoof == .outOfWindow { #expect(counts[.xdpOutOfWindow] > 100) }
            }
        }

        /// That the attack was one.
        private func expectCounts(of spoof: Spoof, _ lab: SpoofLab) throws {
            let counts = try lab.host.host { try $0.status() }.counts
            switch spoof {
            case .wrongChecksum, .trustedPrefix: #expect(counts[.xdpDamaged] > 500 && counts[.xdpSaved] == 0)
            case .addressedToNobody: #expect(counts[.xdpContested] + counts[.xdpDiscarded] > 500)
            case .delivered, .dns: #expect(counts[.xdpSaved] > 100 && counts[.xdpDiscarded] > 0)
            }
        }
    }
}
