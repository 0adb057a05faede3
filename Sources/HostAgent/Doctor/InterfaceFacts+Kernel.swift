// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

extension InterfaceFacts {
    /// Reads what is known of an interface in the calling thread's network namespace; nothing is changed.
    static func read(_ name: String) throws(HostAgentError) -> InterfaceFacts {
        guard InterfacePlace(named: name) != nil else { throw HostAgentError(.noInterface, interface: name) }
        do {
            return try gather(name)
        } catch {
            throw HostAgentError(error, interface: name)
        }
    }

    private static func gather(_ name: String) throws -> InterfaceFacts {
        var session = try RouteSession()
        let control = try InterfaceControl()
        let link = try session.link(named: name)
        return InterfaceFacts(
            name: name, isEthernet: TelemetryHost.carriesEthernet(name),
            isUp: link.isUp, isRunning: link.isRunning, driver: (try? control.driver(of: name)) ?? "",
            // Linux before 6.3 does not report it; the other facts are read all the same.
            hasNativeXDP: (try? DriverXDP.isNative(interfaceIndex: link.index)) ?? nil,
            xdpHolder: (try? InterfaceProbe.xdpHolder(interfaceIndex: UInt32(bitPattern: link.index))) ?? nil,
            receiveQueues: control.receiveQueues(of: name), processors: Processor.onlineCount,
            offloads: try OffloadFacts.read(name, control, &session), mtu: link.mtu,
            routes: try session.routes(through: name))
    }
}

extension OffloadFacts {
    static func read(_ name: String, _ control: borrowing InterfaceControl, _ session: inout RouteSession)
        throws(SystemError) -> OffloadFacts
    {
        OffloadFacts(
            receiveChecksum: try control.isOn(.receiveChecksum, of: name),
            transmitChecksum: try control.isOn(.transmitChecksum, of: name),
            tcpSegmentation: try control.isOn(.tcpSegmentation, of: name),
            genericSegmentation: try control.isOn(.genericSegmentation, of: name),
            segmentLimit: try session.segmentLimit(of: name),
            genericReceive: try control.isOn(.genericReceive, of: name),
            largeReceive: try control.isOn(.large, of: name), receiveVLAN: try control.isOn(.vlan, of: name))
    }
}
