// SPDX-License-Identifier: Apache-2.0

import BPF
import Glibc
import LinuxSystem
import Testing

@testable import HostAgent

/// The kernel lets go of filters and links with a delay.
func expectGone(_ program: UInt32) {
    for _ in 0..<200 {
        if (try? BPFProgram(id: program).id()) == nil { return }
        usleep(10_000)
    }
    Issue.record("program \(program) is still loaded")
}

func expect(_ code: HostAgentError.Code, _ body: () throws -> Void) {
    do {
        try body()
        Issue.record("no error, but \(code) was expected")
    } catch {
        #expect((error as? HostAgentError)?.code == code, "\(error)")
    }
}

func expectEcho(
    in lab: HostLab, ordinal: UInt64, _ request: RequestFrame = RequestFrame()
) throws {
    try EchoServer.with(lab) {
        var wire = try Cable(lab)
        wire.send(request.bytes)
        let next = wire.nextReply()
        let reply = try #require(next)
        let telemetry = request.telemetry.count
        let isPlain = request.returnedRecordSize == 18
        #expect(reply.count == request.reply.count + telemetry + request.returnedRecordSize)
        #expect(Array(reply[12..<14]) == big(UInt16(0x1212)))
        // All records but the last next_proto, which now announces the host record.
        #expect(Array(reply[18..<14 + telemetry - 2]) == Array(request.telemetry[4..<telemetry - 2]))
        #expect(Array(reply[14 + telemetry - 2..<14 + telemetry]) == big(UInt16(isPlain ? 0x1214 : 0x1216)))
        let place = 14 + telemetry + (isPlain ? 0 : 8)
        #expect(number(reply[place..<place + 8]) == ordinal)
        #expect(Array(reply.suffix(request.payload.count)) == request.payload)
    }
}

func queueingDisciplines(in namespace: NetworkNamespace) throws -> String {
    let pipe = try Descriptor.pipe()
    var request = SpawnRequest(["tc", "qdisc", "show", "dev", "eth0"], in: namespace)
    request.output = .descriptor(pipe.writing.number)
    let child = try ChildProcess.spawn(request)
    _ = try child.wait()
    return String(decoding: try pipe.reading.read(upTo: 4096) ?? [], as: UTF8.self)
}
