// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LinuxSystem

/// Lists of routes and answers of `netdev`, as a little-endian machine's kernel gives them.
@Suite struct RouteListTests {
    static let list = """
        1c000000  1a00 0103 02000000 00000000 | RTM_GETROUTE, REQUEST and DUMP
        00 00 00 00 00 00 00 00 00000000      | rtmsg: any
        """
    static let routes = """
        40000000  1800 0200 02000000 77000000 | RTM_NEWROUTE, MULTI
        02 00 00 00 fe 04 00 01 00000000      | AF_INET, /0, main table, static, universe, unicast
        0800 0500 0a000101                    | RTA_GATEWAY
        0800 0400 07000000                    | RTA_OIF 7
        0c00 0800                             | RTA_METRICS, 12 bytes
          0800 0200 78050000                  |   RTAX_MTU 1400
        0800 0f00 fe000000                    | RTA_TABLE
        2c000000  1800 0200 02000000 77000000
        02 08 00 00 fe 02 fd 01 00000000      | AF_INET, /8, scope link
        0800 0100 0a000000                    | RTA_DST 10.0.0.0
        0800 0400 07000000                    | RTA_OIF 7
        2c000000  1800 0200 02000000 77000000 | the same of another interface
        02 08 00 00 fe 02 fd 01 00000000
        0800 0100 0b000000
        0800 0400 08000000                    | RTA_OIF 8
        2c000000  1800 0200 02000000 77000000 | an address of our own: RTN_LOCAL
        02 20 00 00 ff 02 fe 02 00000000
        0800 0100 0a000202
        0800 0400 07000000
        38000000  1800 0200 02000000 77000000 | link-local
        0a 40 00 00 fe 02 00 01 00000000
        1400 0100 fe800000 00000000 00000000 00000000
        0800 0400 07000000
        38000000  1800 0200 02000000 77000000
        0a 40 00 00 fe 02 00 01 00000000      | AF_INET6, /64
        1400 0100 20010db8 00000000 00000000 00000000
        0800 0400 07000000
        14000000  0300 0200 02000000 77000000 | NLMSG_DONE
        00000000
        """

    @Test func listsTheRoutesOfOneInterfaceWithTheirMTU() throws {
        let mock = MockNetlink([(NetlinkTests.lookUpEth0, [NetlinkTests.eth0]), (Self.list, [Self.routes])])
        var session = RouteSession(transport: mock)
        let routes = try session.routes(through: "eth0")
        #expect(
            routes == [
                Route(destination: "default", mtu: 1400),
                Route(destination: "10.0.0.0/8", isConnected: true),
                Route(destination: "2001:db8::/64", isConnected: true),
            ])
        mock.expectFinished()
    }

    static let lookUpFamily = """
        20000000  1000 0100 01000000 00000000 | GENL_ID_CTRL, REQUEST
        03 01 0000                            | CTRL_CMD_GETFAMILY
        0b00 0200 6e657464 657600 00          | CTRL_ATTR_FAMILY_NAME "netdev"
        """
    static let family = """
        1c000000  1000 0000 01000000 77000000
        01 02 0000                            | CTRL_CMD_NEWFAMILY
        0600 0100 1600 0000                   | CTRL_ATTR_FAMILY_ID 22
        """
    static let lookUpDevice = """
        1c000000  1600 0100 02000000 00000000 | family 22, REQUEST
        01 01 0000                            | NETDEV_CMD_DEV_GET
        0800 0100 07000000                    | NETDEV_A_DEV_IFINDEX 7
        """

    @Test(arguments: [("23", true), ("22", false), ("00", false)])
    func aDriversXDPIsTheLowestBitOfItsFeatures(_ bits: String, _ expected: Bool) throws {
        let device = """
            28000000  1600 0000 02000000 77000000
            01 01 0000                            | NETDEV_CMD_DEV_GET
            0800 0100 07000000                    | NETDEV_A_DEV_IFINDEX 7
            0c00 0300 \(bits)00000000000000        | NETDEV_A_DEV_XDP_FEATURES
            """
        let mock = MockNetlink([(Self.lookUpFamily, [Self.family]), (Self.lookUpDevice, [device])])
        var session = NetlinkSession(transport: mock)
        #expect(try DriverXDP.isNative(7, asking: &session) == expected)
        mock.expectFinished()
    }
}
