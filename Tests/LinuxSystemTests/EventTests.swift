// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import Testing

@testable import LinuxSystem

@Suite struct EventTests {
    @Test func eachReadyDescriptorIsGivenWithItsToken() throws {
        var epoll = try Epoll()
        let first = try EventDescriptor()
        let second = try EventDescriptor()
        try epoll.add(first.number, for: .readable, token: 11)
        try epoll.add(second.number, for: .readable, token: UInt64.max)
        #expect(try epoll.wait(milliseconds: 0) { _ in Issue.record("nothing was signalled") } == 0)
        first.signal()
        second.signal()
        var tokens: Set<UInt64> = []
        #expect(try epoll.wait(milliseconds: 1000) { tokens.insert($0.token) } == 2)
        #expect(tokens == [11, .max])
        try epoll.change(second.number, to: [.readable, .edgeTriggered], token: 12)
        #expect(try epoll.wait(milliseconds: 0) { _ in } == 2)
        tokens = []
        #expect(try epoll.wait(milliseconds: 0) { tokens.insert($0.token) } == 1)
        #expect(tokens == [11])
        second.signal()
        #expect(try epoll.wait(milliseconds: 0) { _ in } == 2)
        try epoll.remove(first.number)
        #expect(try epoll.wait(milliseconds: 0) { _ in } == 0)
        let error = #expect(throws: SystemError.self) { try epoll.remove(first.number) }
        #expect(error?.call == "epoll_ctl")
        #expect(error?.errno == .noEntry)
    }

    @Test func aTimerExpiresAtItsDeadlineAndAgainEachPeriod() throws {
        var epoll = try Epoll()
        let timer = try TimerDescriptor()
        try epoll.add(timer.number, for: .readable, token: 1)
        let deadline = DomainClock.monotonicNanoseconds() + 1_000_000
        try timer.arm(atMonotonic: deadline)
        #expect(try timer.readExpirations() == 0 || DomainClock.monotonicNanoseconds() >= deadline)
        try epoll.wait(milliseconds: 5000) { _ in }
        #expect(DomainClock.monotonicNanoseconds() >= deadline)
        try timer.arm(atMonotonic: 0)
        #expect(try epoll.wait(milliseconds: 5000) { _ in } == 1)
        #expect(try timer.readExpirations() == 1)
        try timer.arm(every: 100_000)
        var expirations: UInt64 = 0
        while expirations < 3 {
            try #require(try epoll.wait(milliseconds: 5000) { _ in } == 1)
            expirations += try timer.readExpirations()
        }
    }

    @Test func aSignalIsReadInsteadOfDelivered() throws {
        try OwnThread.run {
            let signals = try SignalDescriptor([.user1, .user2])
            #expect(try signals.next() == nil)
            pthread_kill(pthread_self(), SIGUSR2)
            #expect(try signals.next() == .user2)
            #expect(try signals.next() == nil)
        }
    }

    @Test func theClockIsAheadOfRealtimeByWholeSeconds() {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let realtime = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
        let ahead = DomainClock.nanoseconds(ofRealtime: realtime) - realtime
        #expect(ahead % 1_000_000_000 == 0 && ahead < 3600 * 1_000_000_000)
        #expect(DomainClock.nanoseconds() >= realtime + ahead)
        #expect(DomainClock.microseconds(ofNanoseconds: (1 << 48) * 1000 + 7_999) == 7)
    }

    @Test func aFailedCallNamesItselfItsObjectAndTheReason() {
        let error = #expect(throws: SystemError.self) {
            _ = try Descriptor.open("/nonexistent", flags: O_RDONLY)
        }
        #expect(error?.description == "open '/nonexistent': No such file or directory (ENOENT)")
        #expect(Errno(rawValue: 9999).name == "errno 9999")
    }

    @Test(arguments: [
        (SystemError(call: "socket", errno: .notPermitted), "; run as root"),
        (SystemError(call: "bind", errno: .accessDenied, object: "0.0.0.0:53"), "; run as root"),
        (SystemError(call: "open", errno: .accessDenied, object: "/run/x"), "run as its owner, or as root"),
        (SystemError(call: "execute", errno: .accessDenied, object: "./x"), "`ls -l` shows who may execute it"),
        (SystemError(call: "bind", errno: .addressInUse, object: "0.0.0.0:53"), "choose another port"),
    ]) func whatToDoFitsThePlace(_ error: SystemError, _ remedy: String) {
        #expect(error.description.hasSuffix(remedy))
    }
}

@Suite struct DatagramSocketTests {
    @Test func aReplyComesBackToTheSender() throws {
        let server = try DatagramSocket(timestamps: true)
        try server.bind(to: Endpoint(.loopback, port: 0))
        let client = try DatagramSocket()
        try client.connect(to: try server.localEndpoint())
        try client.setReceiveTimeout(microseconds: 2_000_000)
        try server.setReceiveTimeout(microseconds: 2_000_000)
        let before = DomainClock.nanoseconds()
        try client.send([1, 2, 3].span)

        var bytes = [UInt8](repeating: 0, count: 2)
        var span = bytes.mutableSpan
        let request = try #require(try server.receive(into: &span))
        #expect(bytes == [1, 2])
        #expect(request.count == 2)
        #expect(request.originalCount == 3)
        #expect(try request.sender == client.localEndpoint())
        let arrival = try #require(request.timestamp)
        #expect(arrival >= before && arrival <= DomainClock.nanoseconds())

        try server.send([9].span, to: request.sender)
        var answer = [UInt8](repeating: 0, count: 10)
        var answerSpan = answer.mutableSpan
        #expect(try client.receive(into: &answerSpan)?.count == 1)
        #expect(answer[0] == 9)
    }

    @Test func givesUpWhenNothingComes() throws {
        let socket = try DatagramSocket()
        try socket.bind(to: Endpoint(.loopback, port: 0))
        var bytes: [UInt8] = [0]
        var span = bytes.mutableSpan
        #expect(try socket.receive(into: &span, waits: false) == nil)
        try socket.setReceiveTimeout(microseconds: 1000)
        #expect(try socket.receive(into: &span) == nil)
    }

    @Test func aPortInUseIsNamed() throws {
        let first = try DatagramSocket()
        try first.bind(to: Endpoint(.loopback, port: 0))
        let endpoint = try first.localEndpoint()
        let second = try DatagramSocket()
        let error = #expect(throws: SystemError.self) { try second.bind(to: endpoint) }
        #expect(error?.errno == .addressInUse)
        #expect(error?.object == endpoint.description)
    }
}
