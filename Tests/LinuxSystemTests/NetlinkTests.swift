// SPDX-License-Identifier: Apache-2.0

import Addresses
import Testing

@testable import LinuxSystem

/// Message goldens are those of a little-endian machine, field by field.
@Suite struct NetlinkTests {
    static let lookUpEth0 = """
        2c000000  1200 0100 01000000 00000000 | length 44, RTM_GETLINK, REQUEST, sequence 1, to the kernel
        00 00 0000 00000000 00000000 00000000 | ifinfomsg: any
        0900 0300 65746830 00 000000          | IFLA_IFNAME "eth0", padded
        """
    static let eth0 = """
        40000000  1000 0000 01000000 77000000 | length 64, RTM_NEWLINK, sequence 1
        00 00 0100 07000000 43100100 ffffffff | ifinfomsg: Ethernet, index 7, up and running
        0900 0300 65746830 00 000000          | IFLA_IFNAME "eth0", padded
        0a00 0100 080000000111 0000           | IFLA_ADDRESS, padded
        0800 0400 dc050000                    | IFLA_MTU 1500
        """
    static let doneSecond = """
        24000000  0200 0001 02000000 77000000 | length 36, NLMSG_ERROR, CAPPED, sequence 2
        00000000                              | no error
        20000000  1000 0500 02000000 00000000 | the request's header
        """

    @Test func setsALinkUpByItsIndex() throws {
        let mock = MockNetlink([
            (Self.lookUpEth0, [Self.eth0]),
            (
                """
                20000000  1000 0500 02000000 00000000 | length 32, RTM_NEWLINK, REQUEST and ACK, sequence 2
                00 00 0000 07000000 01000000 01000000 | ifinfomsg: index 7, flags IFF_UP, change mask IFF_UP
                """, [Self.doneSecond]
            ),
        ])
        var session = RouteSession(transport: mock)
        try session.setUp("eth0")
        mock.expectFinished()
    }

    @Test func readsALink() throws {
        var session = RouteSession(transport: MockNetlink([(Self.lookUpEth0, [Self.eth0])]))
        let link = try session.link(named: "eth0")
        #expect(
            link
                == Link(
                    index: 7, name: "eth0", address: MACAddress("08:00:00:00:01:11"), mtu: 1500, isUp: true,
                    isRunning: true))
    }

    @Test func createsAVethPairWithEachEndInItsNamespace() throws {
        let mock = MockNetlink([
            (
                """
                84000000  1000 0506 01000000 00000000 | length 132, RTM_NEWLINK, CREATE, EXCL, ACK, REQUEST, sequence 1
                00 00 0000 00000000 00000000 00000000 | ifinfomsg: new
                0900 0300 65746830 00 000000          | IFLA_IFNAME "eth0"
                0800 1c00 05000000                    | IFLA_NET_NS_FD descriptor 5
                0a00 0100 080000000111 0000           | IFLA_ADDRESS
                4400 1200                             | IFLA_LINKINFO, 68 bytes
                  0900 0100 76657468 00 000000        |   IFLA_INFO_KIND "veth"
                  3400 0200                           |   IFLA_INFO_DATA, 52 bytes
                    3000 0100                         |     VETH_INFO_PEER, 48 bytes
                      00 00 0000 00000000 00000000 00000000
                      0c00 0300 73312d65 74683100     |       IFLA_IFNAME "s1-eth1"
                      0800 1c00 06000000              |       IFLA_NET_NS_FD descriptor 6
                      0800 0400 40060000              |       IFLA_MTU 1600
                """,
                [
                    """
                    24000000  0200 0001 01000000 77000000
                    00000000
                    84000000  1000 0506 01000000 00000000
                    """
                ]
            )
        ])
        var session = RouteSession(transport: mock)
        let namespace = try NetworkNamespace(named: "h1")
        try session.createVethPair(
            VethEnd("eth0", in: namespace, address: MACAddress("08:00:00:00:01:11")), place: 5,
            VethEnd("s1-eth1", in: namespace, mtu: 1600), place: 6)
        mock.expectFinished()
    }

    @Test func gathersAListFromSeveralDatagrams() throws {
        let list = """
            20000000  1200 0103 01000000 00000000 | RTM_GETLINK, REQUEST and DUMP
            00 00 0000 00000000 00000000 00000000
            """
        let part = """
            2c000000  1000 0200 01000000 77000000 | RTM_NEWLINK, MULTI
            00 00 0403 01000000 49000100 00000000
            0700 0300 6c6f00 00                   | IFLA_IFNAME "lo"
            04000380                              | an empty attribute with the nested bit
            """
        let end = """
            14000000  0300 0200 01000000 77000000 | NLMSG_DONE
            00000000
            """
        var session = RouteSession(transport: MockNetlink([(list, [part, part + "\n" + end])]))
        let links = try session.links()
        #expect(links.map(\.index) == [1, 1])
    }

    @Test func anErrorCarriesTheKernelsExplanation() throws {
        let refusal = """
            34000000  0200 0003 01000000 77000000 | NLMSG_ERROR, CAPPED and ACK_TLVS
            edffffff                              | -19, ENODEV
            2c000000  1200 0100 01000000 00000000 | the request's header
            0f00 0100 6e6f7420 68657265 210000 00 | NLMSGERR_ATTR_MSG "not here!"
            """
        var session = RouteSession(transport: MockNetlink([(Self.lookUpEth0, [refusal])]))
        let error = #expect(throws: SystemError.self) { try session.link(named: "eth0") }
        #expect(error?.errno == .noDevice)
        #expect(error?.description == "look up link 'eth0': No such device (ENODEV): not here!")
    }

    @Test func anAnswerToAnotherRequestIsPassedOver() throws {
        let stale = Self.eth0.replacing("01000000 77000000", with: "09000000 77000000")
        var session = RouteSession(transport: MockNetlink([(Self.lookUpEth0, [stale, Self.eth0])]))
        #expect(try session.link(named: "eth0").index == 7)
    }

    @Test(arguments: [
        ("message shorter than its header", "0f000000 1000 0000 01000000 77000000"),
        ("message longer than the datagram", "40000000 1000 0000 01000000 77000000 0000"),
        ("header cut short", "4000"),
        ("no room for the link", "14000000 1000 0000 01000000 77000000 00000000"),
        (
            "attribute of length 0",
            "24000000 1000 0000 01000000 77000000 00000000 00000000 00000000 00000000 0000 0300"
        ),
        (
            "attribute of length 3",
            "24000000 1000 0000 01000000 77000000 00000000 00000000 00000000 00000000 0300 0300"
        ),
        (
            "attribute over the end",
            "24000000 1000 0000 01000000 77000000 00000000 00000000 00000000 00000000 0900 0300"
        ),
        (
            "MTU of two bytes",
            "28000000 1000 0000 01000000 77000000 00000000 00000000 00000000 00000000 0600 0400 dc05 0000"
        ),
        ("acknowledgement without a number", "10000000 0200 0000 01000000 77000000"),
    ])
    func refusesALyingReply(_ reason: String, _ reply: String) throws {
        var session = RouteSession(transport: MockNetlink([(Self.lookUpEth0, [reply])]))
        let error = #expect(throws: SystemError.self, "\(reason)") { try session.link(named: "eth0") }
        #expect(error?.errno == .badMessage, "\(reason)")
    }

    @Test(arguments: ["", ".", "..", "a/b", "a:b", "a b", "sixteen-bytes-xx"])
    func refusesANameThatNoInterfaceCanHave(_ name: String) throws {
        let mock = MockNetlink([])
        var session = RouteSession(transport: mock)
        let error = #expect(throws: SystemError.self) { try session.link(named: name) }
        #expect(error?.errno == .invalidArgument)
    }
}

/// Expects the requests of a list, in order, and answers each with its datagrams.
final class MockNetlink: NetlinkTransport {
    private var script: [(request: String, replies: [String])]
    private var pending: [String] = []

    init(_ script: [(String, [String])]) {
        self.script = script.map { (request: $0.0, replies: $0.1) }
    }

    func send(_ message: [UInt8]) throws(SystemError) {
        guard !script.isEmpty else {
            Issue.record("nothing was expected, but sent: \(hex(message))")
            return
        }
        let (request, replies) = script.removeFirst()
        #expect(hex(message) == hex(bytes(request)))
        pending = replies
    }

    func receive() throws(SystemError) -> [UInt8] {
        guard !pending.isEmpty else { throw SystemError(call: "receive", errno: .timedOut) }
        return bytes(pending.removeFirst())
    }

    func expectFinished() {
        #expect(script.isEmpty && pending.isEmpty)
    }

    /// Hexadecimal digits; on each line, what follows a bar is a comment.
    private func bytes(_ text: String) -> [UInt8] {
        let digits = text.split(separator: "\n").flatMap { line in
            line.prefix { $0 != "|" }.compactMap { $0.hexDigitValue }
        }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
