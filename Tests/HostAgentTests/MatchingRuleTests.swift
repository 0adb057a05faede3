// SPDX-License-Identifier: Apache-2.0

import BPF
import Documents
import Journeys
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

@Suite struct MatchingRuleTests {
    @Test(arguments: [
        "udp/53=dns", "udp/7000=offset:4,width:8", "udp/2=none", "udp/65535=off", "tcp/25=off", "udp/1=first4",
        "tcp/80=sequence", "udp/9=offset:1400,width:1",
    ])
    func ruleIsReadAsItIsWritten(_ text: String) throws {
        #expect(try #require(MatchingRule(text)).description == text)
    }

    @Test(arguments: [
        "udp/53", "udp=dns", "sctp/53=dns", "udp/65536=dns", "udp/-1=dns", "udp/53=DNS", "tcp/53=dns", "tcp/1=first4",
        "udp/1=sequence", "udp/1=offset:0,width:3", "udp/1=offset:1401,width:1", "udp/1=width:1,offset:0",
        "udp/1=offset:0", "", "udp/53=dns,off", "udp/53=",
    ])
    func whatIsNoRuleIsRefused(_ text: String) {
        #expect(MatchingRule(text) == nil)
    }

    @Test func configurationIsRead() throws {
        let text = """
            level: 3
            max_requests: 100
            rules:
              - {protocol: udp, port: 53, id: dns}
              - {protocol: udp, port: 7000, id: {offset: 4, width: 8}}
              - protocol: tcp
                port: 25
                id: off
            """
        let configuration = try HostConfiguration(DocumentNode(yaml: text, file: "host.yaml"))
        let options = AttachOptions(configuration)
        #expect(options.referenceLevel == .full && options.maximumRequests == 100)
        #expect(
            options.rules.map(\.description) == ["udp/53=dns", "udp/7000=offset:4,width:8", "tcp/25=off"])
    }

    /// Each text is wrong at the place that the message names.
    @Test(arguments: [
        ("rule: []", "1:1: unknown key 'rule'"),
        ("level: 5", "1:8: level must be an integer from 1 to 4, got '5'"),
        ("level: 2\nmax_requests: many", "2:15: max_requests must be an integer from 1 to"),
        ("level: 2\nlevel: 3", "each key must be given once, got twice: 'level'"),
        ("rules: 5", "1:8: rules must be a list"),
        ("rules:\n  - 53", "2:5: rules[0] must be an object of keys and values, got '53'"),
        ("rules:\n  - {protocol: udp, port: 53}", "2:5: rules[0] must be protocol, port and id"),
        ("rules:\n  - {protocol: sctp, port: 53, id: dns}", "2:16: rules[0].protocol must be udp or tcp, got 'sctp'"),
        ("rules:\n  - {protocol: udp, port: 70000, id: dns}", "2:27: rules[0].port must be an integer from 1 to 65535"),
        ("rules:\n  - {protocol: udp, port: 0, id: dns}", "2:27: rules[0].port must be an integer from 1 to 65535"),
        (
            "rules:\n  - {protocol: udp, port: 53, id: mdns}",
            "2:35: rules[0].id must be first4, none, dns, off, sequence (TCP) or"
        ),
        (
            "rules:\n  - {protocol: tcp, port: 53, id: dns}",
            "2:35: rules[0].id must be sequence or off for TCP, got 'dns'"
        ),
        (
            "rules:\n  - {protocol: udp, port: 53, id: sequence}",
            "2:35: rules[0].id must be first4, none, dns, off or {offset: 0, width: 4} for UDP, got 'sequence'"
        ),
        ("rules:\n  - {protocol: udp, port: 1, id: {offset: 0}}", "2:34: rules[0].id must be offset and width"),
        (
            "rules:\n  - {protocol: udp, port: 1, id: {offset: 0, width: 3}}",
            "2:53: rules[0].id.width must be 1, 2, 4 or 8 bytes, got '3'"
        ),
        (
            "rules:\n  - {protocol: udp, port: 1, id: {offset: 1500, width: 4}}",
            "2:43: rules[0].id.offset must be an integer from 0"
        ),
        ("rules:\n  - {protocol: udp, port: 1, id: {ofset: 0, width: 4}}", "2:35: rules[0].id: unknown key 'ofset'"),
        (
            "rules:\n  - {protocol: udp, port: 1, id: dns}\n  - {protocol: udp, port: 1, id: none}",
            "3:5: rules[1]: a port must have one rule, got a second for udp/1"
        ),
        ("rules: [", "not YAML"),
    ])
    func mistakeIsToldWithItsPlace(_ text: String, _ expected: String) throws {
        let error = #expect(throws: InputError.self) {
            _ = try HostConfiguration(DocumentNode(yaml: text, file: "host.yaml"))
        }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasPrefix("host.yaml:") == true)
    }

    @Test func emptyFileIsAsNone() throws {
        #expect(try HostConfiguration(DocumentNode(yaml: "", file: "host.yaml")) == HostConfiguration())
    }
}

/// A payload whose id lies elsewhere than in its first 4 bytes.
struct IdentifiedPayload: Sendable, CustomTestStringConvertible {
    let rule: String
    /// Of the requests; the replies have the same bytes where the id is, and others elsewhere.
    let offset: Int
    let width: Int

    var testDescription: String { rule }

    func request(_ number: UInt8, isReply: Bool = false) -> RequestFrame {
        var frame = RequestFrame()
        frame.seed = number
        var bytes = [UInt8](repeating: isReply ? 0xee : 0x11, count: offset + width + 3)
        for index in offset..<offset + width { bytes[index] = number &+ UInt8(truncatingIfNeeded: index) }
        frame.requestID = bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
        frame.payload = Array(bytes[4...])
        return frame
    }

}

@Suite(.needsRoot) struct RequestIdentifierTests {
    private func rules(_ texts: String...) throws -> [MatchingRule] {
        try texts.map { try #require(MatchingRule($0)) }
    }

    @Test(arguments: [
        IdentifiedPayload(rule: "udp/1234=dns", offset: 0, width: 2),
        IdentifiedPayload(rule: "udp/1234=offset:0,width:1", offset: 0, width: 1),
        IdentifiedPayload(rule: "udp/1234=offset:3,width:1", offset: 3, width: 1),
        IdentifiedPayload(rule: "udp/1234=offset:5,width:2", offset: 5, width: 2),
        IdentifiedPayload(rule: "udp/1234=offset:2,width:4", offset: 2, width: 4),
        IdentifiedPayload(rule: "udp/1234=offset:1,width:8", offset: 1, width: 8),
        IdentifiedPayload(rule: "udp/1234=offset:900,width:8", offset: 900, width: 8),
    ])
    func replyIsKnownByTheBytesThatTheRuleNames(_ row: IdentifiedPayload) throws {
        let rig = try ProgramRig(rules: try rules(row.rule))
        for number in 1...5 as ClosedRange<UInt8> {
            #expect(try rig.receive(row.request(number).bytes).1 == [.xdpSaved: 1])
        }
        var other = row.request(9, isReply: true)
        #expect(try rig.send(other.reply).1 == [.tcUnmatched: 1])
        for (index, number) in [3, 1, 5, 2, 4].enumerated() {
            other = row.request(UInt8(number), isReply: true)
            let sent = try rig.send(other.reply).0
            rig.expectRestored(sent, to: other, ordinal: UInt64(index + 1))
        }
    }

    @Test func withoutIdentifierRepliesComeInTheOrderOfTheRequests() throws {
        let rig = try ProgramRig(rules: try rules("udp/1234=none"))
        for number in 1...4 {
            _ = try rig.receive(RequestFrame(requestID: UInt32(number), seed: UInt8(number)).bytes)
        }
        for number in 1...4 {
            let reply = RequestFrame(requestID: UInt32(100 - number), seed: UInt8(number))
            rig.expectRestored(try rig.send(reply.reply).0, to: reply, ordinal: UInt64(number))
        }
    }

    /// Nothing distinguishes the next datagram from a reply to another request.
    @Test func withoutIdentifierTelemetryThatHasNoRoomIsDropped() throws {
        let rig = try ProgramRig(rules: try rules("udp/1234=none"))
        let requests = [RequestFrame(seed: 1), RequestFrame(seed: 2)]
        for request in requests { _ = try rig.receive(request.bytes) }
        #expect(try rig.send(requests[0].reply, packet: .superPacket).1 == [.tcSegmented: 1])
        rig.expectRestored(try rig.send(requests[1].reply).0, to: requests[1], ordinal: 1)
    }

    @Test(arguments: [0, 1, 3])
    func withoutIdentifierTheSmallestPayloadWillDo(_ count: Int) throws {
        let rig = try ProgramRig(rules: try rules("udp/1234=none"))
        for level in 1...6 {
            var request = RequestFrame(level: level, payload: [UInt8](repeating: 7, count: 3), omitsID: true)
            request.payload = Array(request.payload.prefix(count))
            let (received, counted) = try rig.receive(request.bytes)
            #expect(received == request.stripped)
            #expect(counted == [.xdpSaved: 1])
            rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: UInt64(level))
        }
    }

    @Test(arguments: ["udp/1234=dns", "udp/1234=offset:3,width:1", "udp/1234=offset:1400,width:8"])
    func requestTooShortForItsRuleIsStrippedAndNotKept(_ rule: String) throws {
        let rig = try ProgramRig(rules: try rules(rule))
        let request = RequestFrame(payload: rule.contains("dns") ? [1] : [1, 2, 3], omitsID: true)
        let (received, counted) = try rig.receive(request.bytes)
        #expect(received == request.stripped)
        #expect(counted == [.xdpNoID: 1])
        #expect(try rig.send(request.reply).0 == request.reply)
    }

    @Test func portThatIsOffIsStrippedAndNotKept() throws {
        let rig = try ProgramRig(rules: try rules("udp/1234=off", "tcp/1234=off"))
        for request in [RequestFrame(), RequestFrame(segment: Segment())] {
            let (received, counted) = try rig.receive(request.bytes)
            #expect(received == request.stripped)
            #expect(counted == [.xdpRuledOut: 1])
        }
        #expect(try rig.receive(RequestFrame(destinationPort: 1235).bytes).1 == [.xdpSaved: 1])
    }

    @Test func rulesChangeWhileTheProgramsRun() throws {
        let rig = try ProgramRig(rules: try rules("udp/1234=dns", "tcp/9=off"))
        #expect(try rig.programs.maps.readRules() == rules("udp/1234=dns", "tcp/9=off"))
        try rig.programs.maps.writeRules(rules("udp/1234=offset:8,width:4", "udp/65535=none"))
        #expect(try rig.programs.maps.readRules() == rules("udp/1234=offset:8,width:4", "udp/65535=none"))
        var request = RequestFrame(requestID: 1)
        _ = try rig.receive(request.bytes)
        request.requestID = 2
        rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: 1)
        // A request that came under another rule does not hold up what follows.
        try rig.programs.maps.writeRules([])
        #expect(try rig.programs.maps.readRules() == [])
        _ = try rig.receive(request.bytes)
        request.requestID = 3
        #expect(try rig.send(request.reply).1 == [.tcUnmatched: 1])
    }
}

extension PacketContext {
    /// Three segments in one.
    static var superPacket: PacketContext {
        var packet = PacketContext()
        packet.segmentSize = 10
        packet.segments = 3
        return packet
    }

    @Test func `port 53 is DNS unless a rule says otherwise`() throws {
        let other = try #require(MatchingRule(ServerPort(.udp, 7000), .none))
        #expect(MatchingRule.completed([other]).map(\.description) == ["udp/53=dns", "udp/7000=none"])
        let off = try #require(MatchingRule(ServerPort(.udp, 53), .off))
        #expect(MatchingRule.completed([off]) == [off])
        #expect(AttachOptions(HostConfiguration()).rules.map(\.description) == ["udp/53=dns"])
    }
}
