// SPDX-License-Identifier: Apache-2.0

import Addresses
import Documents
import Testing
import ThrowawayPlaces

@testable import HostAgent

@Suite struct TelemetryTrustTests {
    private static let two: TelemetryTrust = .sources(
        ["10.0.0.0/8", "2001:db8::/32"].compactMap { try? IPPrefix(network: $0) })

    @Test(
        arguments: [
            ("trust", .everyone), ("strip", .nobody), ("10.0.0.0/8,2001:db8::/32", two),
        ] as [(String, TelemetryTrust)]) func optionIsAWordOrPrefixes(_ text: String, _ trust: TelemetryTrust)
    {
        #expect(TelemetryTrust(text) == trust)
    }

    @Test(arguments: ["", "nobody", "10.0.0.0/8,", "10.0.0.1/8"]) func otherOptionsAreRefused(_ text: String) {
        #expect(TelemetryTrust(text) == nil)
    }

    @Test(
        arguments: [
            ("telemetry: trust", .everyone), ("telemetry: strip", .nobody),
            ("telemetry: [10.0.0.0/8, \"2001:db8::/32\"]", two), ("rules: []", nil),
        ] as [(String, TelemetryTrust?)]) func settingIsAWordOrAList(_ text: String, _ trust: TelemetryTrust?) throws
    {
        #expect(try HostConfiguration(DocumentNode(yaml: text, file: "host.yaml")).trust == trust)
    }

    @Test func wrongPrefixIsReportedAtItsLocation() {
        #expect {
            try HostConfiguration(DocumentNode(yaml: "telemetry:\n  - 10.0.0.0/8\n  - 10.0.0.1/8\n", file: "host.yaml"))
        } throws: {
            "\($0)".contains("10.0.0.1/8") && ($0 as? InputError)?.location == .file("host.yaml", line: 3, column: 5)
        }
    }
}

@Suite(.needsRoot) struct TrustTests {
    private func prefixes(_ texts: [String]) -> TelemetryTrust {
        .sources(texts.compactMap { try? IPPrefix(network: $0) })
    }

    /// The client of `RequestFrame` is 10.0.1.1 or 2001::1.
    @Test(
        arguments: [
            ([], RequestFrame.Family.ipv4, false), (["10.0.0.0/8"], .ipv4, true), (["10.0.1.1"], .ipv4, true),
            (["10.0.2.0/24", "192.168.0.0/16"], .ipv4, false), (["0.0.0.0/0"], .ipv6, false),
            (["0.0.0.0/0"], .ipv4, true),
            (["2001::/16"], .ipv6, true), (["2001::/16"], .ipv4, false), (["2002::/16"], .ipv6, false),
        ] as [([String], RequestFrame.Family, Bool)])
    func onlyListedSourcesAreBelieved(_ sources: [String], _ family: RequestFrame.Family, _ isBelieved: Bool) throws {
        let rig = try ProgramRig(trust: prefixes(sources))
        let request = RequestFrame(family: family)
        let (received, counted) = try rig.receive(request.bytes)
        #expect(received == request.stripped)
        #expect(counted == [isBelieved ? .xdpSaved : .xdpUntrusted: 1])
        let (sent, _) = try rig.send(request.reply)
        #expect((sent == request.reply) == !isBelieved)
    }

    @Test func nobodysTelemetryIsTakenOffAndNeverSentBack() throws {
        let rig = try ProgramRig(trust: .nobody)
        let request = RequestFrame()
        #expect(try rig.receive(request.bytes) == (request.stripped, [.xdpUntrusted: 1]))
        #expect(try rig.send(request.reply) == (request.reply, [.tcUnmatched: 1]))
        #expect(try rig.programs.waiting() == 0)
        // What is not in order stays unchanged, whoever sent it.
        #expect(try rig.receive(RequestFrame(shimLevel: 15).bytes).1 == [.xdpLevel: 1])
    }
}
