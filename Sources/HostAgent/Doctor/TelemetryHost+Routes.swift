// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

extension TelemetryHost {
    /// Lowers the MTU of the interface's routes, so that telemetry has room in front of a full packet. `detach` does not
    /// raise it again. Routes that leave room already, and those to the interface's own link where there is a default
    /// route, stay as they are.
    /// - Returns: what was changed, with the `ip` command that brings back what was.
    public func fixHeadRoom() throws(HostAgentError) -> [SettingChange] {
        let facts = try InterfaceFacts.read(interface)
        guard HeadRoomCheck(facts: facts).finding.state != .ok else { return [] }
        let mtu = HeadRoomCheck.routeMTU(device: facts.mtu)
        var changes: [SettingChange] = []
        do {
            for family in ["-4", "-6"] { changes += try lowerRoutes(family, to: mtu) }
        } catch {
            throw HostAgentError(error, interface: interface)
        }
        return changes
    }

    private func lowerRoutes(_ family: String, to mtu: Int) throws -> [SettingChange] {
        // IPv6 takes no MTU below 1280.
        guard family == "-4" || mtu >= 1280 else { return [] }
        let routes = RouteLine.lines(try output(of: ["ip", family, "route", "show", "dev", interface]))
        let hasDefault = routes.contains { $0.destination == "default" }
        var changes: [SettingChange] = []
        for route in routes where !(hasDefault && route.isConnected) && route.mtu ?? .max > mtu {
            let command = ["ip", family, "route", "replace"]
            _ = try output(of: command + route.words(mtu: mtu, through: interface))
            let undo = command + route.words(mtu: route.mtu, through: interface)
            changes.append(
                SettingChange(now: "route \(route.destination) mtu \(mtu)", undo: undo.joined(separator: " ")))
        }
        return changes
    }

    private func output(of command: [String]) throws -> String {
        let pipe = try Descriptor.pipe()
        var request = SpawnRequest(command)
        request.output = .descriptor(pipe.writing.number)
        request.errors = .descriptor(pipe.writing.number)
        let child = try ChildProcess.spawn(request)
        var bytes: [UInt8] = []
        var outcome: ProcessOutcome?
        repeat {
            outcome = try child.wait(milliseconds: 0)
            while try pipe.reading.waitUntilReadable(milliseconds: outcome == nil ? 5 : 0) {
                bytes += try pipe.reading.read(upTo: 1 << 16) ?? []
            }
        } while outcome == nil
        let text = String(decoding: bytes, as: UTF8.self)
        guard outcome?.isSuccess == true else {
            throw SystemError(call: command.joined(separator: " "), errno: .invalidArgument, detail: text)
        }
        return text
    }
}

/// A route as `ip route show dev` prints it, and `ip route replace` takes it.
struct RouteLine: Hashable {
    let destination: String
    /// Its own MTU; nil: the device's.
    let mtu: Int?
    /// The words after the destination, without the MTU.
    private let rest: [String]

    /// The lines of the routes that can be replaced: not those that the kernel keeps for itself.
    static func lines(_ text: String) -> [RouteLine] { text.split(separator: "\n").compactMap { RouteLine($0) } }

    private init?(_ line: Substring) {
        var words = line.split(separator: " ").map(String.init)
        guard let first = words.first, !["multicast", "broadcast", "local", "anycast"].contains(first),
            !first.hasPrefix("fe80:"), !first.hasPrefix("ff00:")
        else { return nil }
        destination = first
        words.removeFirst()
        // `mtu 1400` and `mtu lock 1400`; a state such as `linkdown` is not a setting.
        words.removeAll { ["linkdown", "dead", "onlink"].contains($0) }
        var own: Int?
        if let place = words.firstIndex(of: "mtu") {
            let end = words.dropFirst(place + 1).first == "lock" ? place + 2 : place + 1
            own = words.indices.contains(end) ? Int(words[end]) : nil
            words.removeSubrange(place...min(end, words.count - 1))
        }
        mtu = own
        rest = words
    }

    /// Whether it leads to the interface's own link.
    var isConnected: Bool { !rest.contains("via") }

    func words(mtu: Int?, through interface: String) -> [String] {
        [destination, "dev", interface] + rest + (mtu.map { ["mtu", "\($0)"] } ?? [])
    }
}
