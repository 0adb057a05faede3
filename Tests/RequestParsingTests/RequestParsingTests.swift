// SPDX-License-Identifier: Apache-2.0

import Journeys
import Testing

@testable import RequestParsing

@Suite("What a request asks for") struct RequestParsingTests {
    private let http = IdentityRule.http(HTTPDetail())

    private func read(_ text: String, _ rule: IdentityRule, isStream: Bool = true) -> RequestIdentity? {
        rule.identity(of: Array(text.utf8), isStream: isStream)
    }

    @Test func methodAndPathWithoutQuery() {
        #expect(read("GET /a/b?secret=1 HTTP/1.1\r\nHost: x\r\n\r\n", http)?.description == "GET /a/b")
        #expect(read("POST http://h:80/p?q HTTP/1.0\r\n", http)?.description == "POST /p")
        #expect(read("OPTIONS * HTTP/1.1\r\n\r\n", http)?.description == "OPTIONS *")
        #expect(read("GET http://h HTTP/1.1\r\n", http)?.description == "GET /")
    }

    @Test func detailChoosesWhatIsReported() {
        var detail = HTTPDetail()
        detail.keepsQuery = true
        detail.pathLimit = 8
        #expect(read("GET /a?b=c HTTP/1.1\r\n", .http(detail))?.target == "/a?b=c")
        #expect(read("GET /abcdefghi HTTP/1.1\r\n", .http(detail))?.target == "/abcdefg~")
        detail.keepsPath = false
        #expect(read("GET /a HTTP/1.1\r\n", .http(detail))?.description == "GET")
    }

    @Test func pathThatTheLookCutsOffIsMarked() {
        #expect(read("GET /long/path", http)?.target == "/long/path~")
        #expect(read("GET /p HTT", http)?.target == "/p")
    }

    @Test(arguments: [
        "", "GET", "GET ", "get / HTTP/1.1\r\n", "GET / HTTP/2.0\r\n", "GET / x HTTP/1.1\r\n", "\u{16}\u{3}\u{1} a",
        "GET /\r\n", "+OK\r\n", "GET  / HTTP/1.1\r\n",
    ])
    func whatIsNotHTTP(text: String) { #expect(read(text, http) == nil) }

    @Test func hostileBytesOfAPathAreEscaped() {
        let bytes = Array("GET /".utf8) + [0x1b, 0xff, 0] + Array(" HTTP/1.1\r\n".utf8)
        #expect(http.identity(of: bytes, isStream: true)?.target == "/%1B%FF%00")
    }

    private static let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func traceParentWhereverItOccurs() {
        let trace = read("GET / HTTP/1.1\r\nA: b\r\nTraceParent:  \(Self.trace) \r\n\r\n", http)?.trace
        #expect(trace?.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(trace?.parentID == "b7ad6b7169203331")
        #expect(trace?.flags == 1)
        #expect(read("GET / HTTP/1.1\r\ntraceparent: \(Self.trace)\r\n", .traceParent)?.kind == .connection)
        // In the body, cut off, or twice.
        #expect(read("GET / HTTP/1.1\r\n\r\ntraceparent: \(Self.trace)\r\n", http)?.trace == nil)
        #expect(read("GET / HTTP/1.1\r\ntraceparent: \(Self.trace)", http)?.trace == nil)
        let line = "traceparent: \(Self.trace)\r\n"
        #expect(read("GET / HTTP/1.1\r\n\(line)\(line)\r\n", http)?.trace == nil)
    }

    @Test(arguments: [
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "00-0af7-b7ad-01", "",
        "+0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
    ])
    func invalidTraceParents(text: String) { #expect(TraceParent.context(of: Array(text.utf8)[...]) == nil) }

    @Test func laterVersionsOfTraceParentMayHaveMore() {
        let later = Array("cc\(Self.trace.dropFirst(2))-more".utf8)
        #expect(TraceParent.context(of: later[...])?.flags == 1)
    }

    @Test func redisCommandsWithoutKeys() {
        #expect(read("*3\r\n$3\r\nset\r\n$6\r\nsecret\r\n$1\r\nx\r\n", .redis)?.description == "SET")
        #expect(read("PING\r\n", .redis)?.description == "PING")
        #expect(read("*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nQUIT\r\n", .redis)?.description == "PING")
    }

    @Test(arguments: [
        "*", "*3", "*3\r\n", "*0\r\n$4\r\nPING\r\n", "*1\r\n$99999999999999999999\r\nPING\r\n", "*1\r\n$-1\r\nPING\r\n",
        "*1\r\n$5\r\nPING\r\n", "*1\r\n$4\r\nPI\u{1}G\r\n", "PING", "\r\n", "$4\r\nPING\r\n", "*1\n$4\r\nPING\r\n",
    ])
    func whatIsNoRedisCommand(text: String) { #expect(read(text, .redis) == nil) }
}
