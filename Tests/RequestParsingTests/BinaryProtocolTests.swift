// SPDX-License-Identifier: Apache-2.0

import Documents
import Journeys
import Testing

@testable import RequestParsing

@Suite("Binary requests and hostile bytes") struct BinaryProtocolTests {
    private static func query(_ name: [UInt8], type: UInt8 = 28) -> [UInt8] {
        [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + [0, type, 0, 1]
    }

    private static let example: [UInt8] = [3] + Array("wWw".utf8) + [7] + Array("example".utf8) + [0]

    @Test func dnsNameAndTypeOverUDPAndTCP() {
        let query = Self.query(Self.example)
        #expect(IdentityRule.dns.identity(of: query, isStream: false)?.description == "AAAA www.example")
        let framed: [UInt8] = [0, UInt8(query.count)] + query
        #expect(IdentityRule.dns.identity(of: framed, isStream: true)?.description == "AAAA www.example")
        #expect(IdentityRule.dns.identity(of: Self.query([0], type: 2), isStream: false)?.description == "NS .")
        #expect(IdentityRule.dns.identity(of: Self.query([0], type: 99), isStream: false)?.operation == "TYPE99")
        let odd = Self.query([3, 0x2e, 0x1b, 0xff, 0])
        #expect(IdentityRule.dns.identity(of: odd, isStream: false)?.target == "\\046\\027\\255")
    }

    @Test func dnsThatIsNoQuestion() {
        let label: [UInt8] = [63] + [UInt8](repeating: 0x61, count: 63)
        let long: [UInt8] = label + label + label + label + label + [0]
        var response = Self.query(Self.example)
        response[2] = 0x81
        var none = Self.query(Self.example)
        none[5] = 0
        let wrong: [[UInt8]] = [
            Self.query([0xc0, 12]), Self.query(long), Self.query([64, 1]), response, none, [], [1, 2],
        ]
        for bytes in wrong { #expect(IdentityRule.dns.identity(of: bytes, isStream: false) == nil) }
    }

    private static func frame(_ type: UInt8, _ flags: UInt8, stream: UInt8 = 1, _ payload: [UInt8]) -> [UInt8] {
        [0, UInt8(payload.count >> 8), UInt8(payload.count & 255), type, flags, 0, 0, 0, stream] + payload
    }

    private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    private let grpc = IdentityRule.grpc(HTTPDetail())

    @Test func pathOfAGRPCCallWithItsPreface() {
        let block: [UInt8] = [0x83, 0x86, 0x44] + Self.text("/pkg.Greeter/Hello") + [0x41] + Self.text("host:1")
        let bytes =
            Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Self.frame(4, 0, stream: 0, [])
            + Self.frame(1, 4, block)
        #expect(grpc.identity(of: bytes, isStream: true)?.description == "POST /pkg.Greeter/Hello")
        let padded = Self.frame(1, 0x2c, [2, 0, 0, 0, 0, 16] + block + [0, 0])
        #expect(grpc.identity(of: padded, isStream: true)?.description == "POST /pkg.Greeter/Hello")
    }

    /// RFC 7541, C.4.1: Huffman code of www.example.com.
    @Test func huffmanCode() {
        let coded: [UInt8] = [0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff]
        #expect(HuffmanText.decode(coded[...]) == Array("www.example.com".utf8))
        #expect(HuffmanText.decode([0xff, 0xff, 0xff, 0xff][...]) == nil)
        #expect(HuffmanText.decode([0][...]) == nil)
    }

    @Test func whatTheTableOfEarlierFieldsHoldsIsNotGuessed() {
        #expect(grpc.identity(of: Self.frame(1, 4, [0x83, 0xbe]), isStream: true)?.description == "POST")
        #expect(grpc.identity(of: Self.frame(1, 4, [0xbf, 0xbe]), isStream: true) == nil)
        #expect(grpc.identity(of: Self.frame(1, 4, stream: 2, [0x83]), isStream: true) == nil)
    }

    /// Every beginning of a valid request, and each with bytes that others chose: nothing traps, and texts stay printable.
    @Test func damagedAndRandomBytes() {
        var random = SystemRandomNumberGenerator()
        let rules: [IdentityRule] = [http, grpc, .dns, .redis, .traceParent, .off]
        let seeds = [
            Self.query(Self.example), Array("GET /a HTTP/1.1\r\ntraceparent: 00-1-2-3\r\n\r\n".utf8),
            Array("*3\r\n$3\r\nSET\r\n".utf8), Self.frame(1, 0x2c, [2, 0, 0, 0, 0, 16, 0x44, 0x83, 1, 2, 3, 0, 0]), [],
        ]
        for _ in 0..<4000 {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            for _ in 0..<Int.random(in: 0...8, using: &random) { bytes.append(.random(in: 0...255, using: &random)) }
            for rule in rules {
                for isStream in [false, true] {
                    let text = rule.identity(of: bytes, isStream: isStream)?.description ?? ""
                    #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) })
                }
            }
        }
    }

    private let http = IdentityRule.http(HTTPDetail())

    @Test func rulesOfPorts() throws {
        var rules = IdentityRules()
        #expect(rules[53] == .dns)
        #expect(rules[443] == .off)
        try rules.set("443=http+query+max=9")
        var detail = HTTPDetail()
        detail.keepsQuery = true
        detail.pathLimit = 9
        #expect(rules[443] == .http(detail))
        for wrong in ["", "80", "0=http", "80=", "80=ftp", "80=http+", "80=http+max=256", "80=dns+query", "70000=off"] {
            #expect(throws: InputError.self) { try rules.set(wrong) }
        }
    }
}
