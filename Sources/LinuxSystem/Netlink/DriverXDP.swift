// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Whether drivers run XDP programs themselves, as they report by the generic netlink family `netdev` (Linux 6.3).
public enum DriverXDP {
    /// linux/netdev.h, which headers older than the family lack.
    private enum NetworkDevice {
        static let family = "netdev"
        /// NETDEV_CMD_DEV_GET
        static let get: UInt8 = 1
        /// NETDEV_A_DEV_IFINDEX
        static let index = 1
        /// NETDEV_A_DEV_XDP_FEATURES
        static let features = 3
        /// NETDEV_XDP_ACT_BASIC: pass, drop, abort and send back.
        static let basic: UInt64 = 1
    }

    /// Whether the driver of an interface in the calling thread's namespace has native XDP, as it reports: with
    /// some settings, such as a large MTU, it may still refuse a program. nil where the kernel does not report it.
    public static func isNative(interfaceIndex: Int32) throws(SystemError) -> Bool? {
        var session = NetlinkSession(transport: try NetlinkSocket(family: .generic))
        do {
            return try isNative(interfaceIndex, asking: &session)
        } catch  where error.errno == .noEntry {
            return nil
        }
    }

    static func isNative(_ index: Int32, asking session: inout NetlinkSession) throws(SystemError) -> Bool? {
        let family = try session.question(Int(GENL_ID_CTRL), call: "look up netlink family", on: NetworkDevice.family) {
            $0.append(genlmsghdr(cmd: UInt8(CTRL_CMD_GETFAMILY), version: 1, reserved: 0))
            $0.attribute(Int(CTRL_ATTR_FAMILY_NAME), NetworkDevice.family)
        }
        guard let number = try attribute(Int(CTRL_ATTR_FAMILY_ID), in: family, as: UInt16.self) else { return nil }
        let device = try session.question(Int(number), call: "ask driver's features of link", on: "\(index)") {
            $0.append(genlmsghdr(cmd: NetworkDevice.get, version: 1, reserved: 0))
            $0.attribute(NetworkDevice.index, value: UInt32(bitPattern: index))
        }
        guard let features = try attribute(NetworkDevice.features, in: device, as: UInt64.self) else { return nil }
        return features & NetworkDevice.basic != 0
    }

    private static func attribute<Value: BitwiseCopyable>(
        _ type: Int, in answers: [ArraySlice<UInt8>], as: Value.Type
    ) throws(SystemError) -> Value? {
        for answer in answers {
            var reader = NetlinkReader(answer)
            _ = try reader.read(genlmsghdr.self)
            while let attribute = try reader.attribute() {
                guard attribute.type == type else { continue }
                var value = NetlinkReader(attribute.value)
                return try value.read(Value.self)
            }
        }
        return nil
    }
}
