// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import BPF
internal import CHostPrograms
internal import LinuxSystem

/// Probes a client's neighbours once per second, so that the programs know them also where requests are rarer than an
/// answer counts. The programs themselves probe only when a request leaves.
public struct NeighbourProber: ~Copyable {
    /// Nanoseconds without a request after which a neighbour is no longer probed: ten minutes.
    private static let forgottenAfter: UInt64 = 600_000_000_000

    private let neighbours: Shared<BPFMap>
    private let address: MACAddress
    private var transmitter: FrameTransmitter
    private var due: UInt64 = 0

    init(_ neighbours: Shared<BPFMap>, interface: String) throws(SystemError) {
        let address = try Self.address(of: interface)
        transmitter = try FrameTransmitter(interface: interface, frameCapacity: 64)
        self.neighbours = neighbours
        self.address = address
    }

    private static func address(of interface: String) throws(SystemError) -> MACAddress {
        guard let address = InterfaceHardware.address(of: interface) else {
            throw SystemError(call: "ioctl(SIOCGIFHWADDR)", errno: .noDevice, object: interface)
        }
        return address
    }

    /// Sends the probes if they are due.
    /// - Throws: when the interface is down or gone.
    public mutating func probe() throws {
        let now = DomainClock.monotonicNanoseconds()
        guard now >= due else { return }
        due = now + UInt64(P4NI_ASK_EVERY)
        for key in try neighbours.value.keys(startingFrom: p4ni_neighbour_key()) {
            var neighbour = p4ni_neighbour()
            guard try neighbours.value.read(&neighbour, for: key), now &- neighbour.asked < Self.forgottenAfter else {
                continue
            }
            let frame = Self.frame(to: key, from: address)
            try transmitter.stage { bytes in
                for index in frame.indices { bytes[index] = frame[index] }
                return frame.count
            }
        }
        try transmitter.flush()
    }

    private static func frame(to key: p4ni_neighbour_key, from source: MACAddress) -> [UInt8] {
        let mac = key.mac
        let type = UInt16(P4NI_ETHERTYPE_PROBE)
        let header =
            [mac.0, mac.1, mac.2, mac.3, mac.4, mac.5] + source.octets
            + [UInt8(type >> 8), UInt8(type & 0xFF), UInt8(P4NI_PROBE_REQUEST)]
        return header + [UInt8](repeating: 0, count: 60 - header.count)
    }
}
