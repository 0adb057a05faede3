// SPDX-License-Identifier: Apache-2.0

import Addresses
import BPF
import Glibc
import LinuxSystem
import Testing

@testable import HostAgent

extension LiveTests {
    @Suite(.serialized) struct ReplaceTests {
        private let replacing: AttachOptions = {
            var options = AttachOptions()
            options.replaces = true
            return options
        }()

        /// Both programs are replaced again and again under 16 outstanding requests: every request gets its reply, and
        /// every byte that comes back is known. See UnderLoadTests, too.
        @Test func replacementLosesNoRequestAndCorruptsNoByte() throws {
            try HostLab.with { lab in
                let first = try lab.host { try $0.attach() }
                var outcome = CheckOutcome()
                var last = first
                try EchoServer.with(lab) {
                    let checkers = try (0..<2).map { number in
                        try BackgroundThread { try ReplyChecker(lab, port: UInt16(40000 + number)).run(8000) }
                    }
                    for _ in 0..<10 {
                        let next = try lab.host { try $0.attach(replacing) }
                        #expect(next.keptMaps == true && next.xdpProgramID != last.xdpProgramID)
                        #expect(next.egressProgramID != last.egressProgramID)
                        last = next
                    }
                    for checker in checkers { outcome.add(try checker.join()) }
                }
                #expect(outcome.corrupt == 0 && outcome.lost == 0, "\(outcome)")
                #expect(outcome.plain < 16 && outcome.correct + outcome.plain == 16_000, "\(outcome)")
                expectGone(first.xdpProgramID)
                let after = try lab.host { try $0.status() }
                // Every request came through XDP, and a reply to each went out: with its telemetry, or plain.
                #expect(after.counts[.xdpSaved] == 16_000)
                #expect(after.counts[.tcRestored] + after.counts[.tcUnmatched] >= 16_000)
                #expect(after.answered >= UInt64(outcome.correct))
                #expect(try lab.pins()?.filter { $0.hasPrefix("generation") } == ["generation_11"])
                try lab.host { try $0.detach() }
                #expect(try lab.pins() == nil)
            }
        }

        /// The reply takes it along, before any other request comes, whether the rules stay or others are put in force.
        @Test(arguments: [[], [MatchingRule(ServerPort(.udp, 53), .dns)].compactMap(\.self)])
        func telemetryThatWaitedForItsReplyGoesWithIt(_ rules: [MatchingRule]) throws {
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                let server = try lab.server.perform { try DatagramSocket() }
                try server.bind(to: Endpoint(.any, port: Port(HostLab.serverPort)))
                try server.setReceiveTimeout(microseconds: 2_000_000)
                var wire = try Cable(lab)
                let request = RequestFrame()
                wire.send(request.bytes)
                var buffer = [UInt8](repeating: 0, count: 2048)
                var span = buffer.mutableSpan
                let received = try server.receive(into: &span)
                let datagram = try #require(received)
                var options = replacing
                options.rules = rules
                let status = try lab.host { try $0.attach(options) }
                #expect(status.waiting == 1 && status.keptMaps == true && status.rules == rules)
                try server.send(buffer.span.extracting(first: datagram.count), to: datagram.sender)
                let next = wire.nextReply()
                let reply = try #require(next)
                #expect(Array(reply[12..<14]) == [0x12, 0x12])
                #expect(Array(reply[14...].prefix(request.returned.count)) == request.returned)
                #expect(try lab.host { try $0.status() }.restored == 1)
                try lab.host { try $0.detach() }
            }
        }

        @Test func otherSizeMeansNewMapsAndSaysSo() throws {
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                try expectEcho(in: lab, ordinal: 1)
                var options = replacing
                options.maximumRequests = 100
                let status = try lab.host { try $0.attach(options) }
                #expect(status.keptMaps == false && status.answered == 0 && status.maximumRequests == 100)
                #expect(status.description.contains("new maps"))
                try expectEcho(in: lab, ordinal: 1)
                try lab.host { try $0.detach() }
            }
        }

        @Test func filterOfOldKernelsAndGenericXDPAreReplacedWhereTheyAre() throws {
            try HostLab.with { lab in
                var options = AttachOptions()
                options.xdp = .genericOnly
                options.trafficControl = .classicOnly
                let first = try lab.host { try $0.attach(options) }
                let second = try lab.host { try $0.attach(replacing) }
                #expect(second.xdpMode == .generic && second.egressHook == "clsact" && second.keptMaps == true)
                #expect(second.egressProgramID != first.egressProgramID && second.egressProgramID != nil)
                try expectEcho(in: lab, ordinal: 1)
                try lab.host { try $0.detach() }
                #expect(try queueingDisciplines(in: lab.server).contains("clsact") == false)
            }
        }

        @Test func replacingNothingAttaches() throws {
            try HostLab.with { lab in
                #expect(try lab.host { try $0.attach(replacing) }.keptMaps == nil)
                try expectEcho(in: lab, ordinal: 1)
                try lab.host { try $0.detach() }
            }
        }

        /// Another version's pins can be recognised, replaced and removed, whatever their layouts are.
        @Test(arguments: [true, false]) func anotherVersionIsReplacedOrRemoved(_ replaces: Bool) throws {
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                let generation = try #require(try lab.attachmentPins()?.current)
                var record = try #require(generation.record())
                record.version += 1
                try generation.write(record)
                expect(.otherVersion) { try lab.host { _ = try $0.status() } }
                expect(.alreadyAttached) { try lab.host { _ = try $0.attach() } }
                if replaces {
                    #expect(try lab.host { try $0.attach(replacing) }.keptMaps == false)
                    try expectEcho(in: lab, ordinal: 1)
                }
                try lab.host { try $0.detach() }
                #expect(try lab.pins() == nil)
            }
        }

        /// Else the new programs would be detached by whatever is run next.
        @Test func nothingIsAttachedInPlaceOfWhatIsToBeDetachedAndCannot() throws {
            try HostLab.with { lab in
                let first = try lab.host { try $0.attach() }
                let pins = try #require(try lab.attachmentPins())
                // In the way of the mark, which is written again.
                let obstacle = pins.path + "/next_detaching"
                try withPinsLocked {
                    try pins.markDetaching()
                    try SystemCall.run("mkdir", on: obstacle) { unsafe mkdir(obstacle, 0o700) }
                }
                expect(.detaching) { try lab.host { _ = try $0.attach(replacing) } }
                expect(.detaching) { try lab.host { _ = try $0.attach() } }
                #expect(try lab.host { try $0.status() }.xdpProgramID == first.xdpProgramID)
                expect(.kernelRefused) { try lab.host { try $0.detach() } }
                try SystemCall.run("rmdir", on: obstacle) { unsafe rmdir(obstacle) }
                #expect(try lab.host { try $0.attach(replacing) }.xdpProgramID != first.xdpProgramID)
                try expectEcho(in: lab, ordinal: 1)
                try lab.host { try $0.detach() }
                #expect(try lab.pins() == nil)
            }
        }

        /// A replacement that was decided, and whose process was killed before the programs took their hooks.
        @Test func decidedReplacementIsCompletedByWhoeverLooksNext() throws {
            try HostLab.with { lab in
                let first = try lab.host { try $0.attach() }
                let pins = try #require(try lab.attachmentPins())
                let old = try #require(pins.current)
                let programs = try HostPrograms(AttachOptions())
                try withPinsLocked {
                    let next = try pins.makeGeneration()
                    try programs.maps.pin(in: next)
                    try next.write(try #require(old.record()))
                    try programs.strip.pin(at: next.path(ofProgramAt: .xdp))
                    try programs.restore.pin(at: next.path(ofProgramAt: .egress))
                    for hook in [HostHook.xdp, .egress] {
                        try BPFLink(pinnedAt: old.path(of: hook)).pin(at: next.path(of: hook))
                    }
                    try pins.makeCurrent(next)
                }
                let status = try lab.host { try $0.status() }
                #expect(try status.xdpProgramID == programs.strip.id() && status.xdpProgramID != first.xdpProgramID)
                #expect(try status.egressProgramID == programs.restore.id())
                #expect(try lab.pins()?.contains { $0.hasPrefix("program") || $0 == "generation_1" } == false)
                try expectEcho(in: lab, ordinal: 1)
                try lab.host { try $0.detach() }
            }
        }
    }
}
