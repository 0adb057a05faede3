// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

extension LabState {
    /// `s1 s1-eth1:h1-eth0 s1-eth2:s2-eth1` for each node.
    var netLines: [String] {
        nodes.map { node in
            let ends = node.interfaces.map { "\(Self.full(node.name, $0.name)):\(Self.full($0.peer))" }
            return ([node.name] + ends).joined(separator: " ")
        }
    }

    /// Each link once, by the end that is listed first.
    var linkLines: [String] {
        var lines: [String] = []
        var seen: Set<String> = []
        for node in nodes {
            for interface in node.interfaces {
                let near = Self.full(node.name, interface.name)
                let far = Self.full(interface.peer)
                if seen.contains(far + " " + near) { continue }
                seen.insert(near + " " + far)
                lines.append("\(near)<->\(far)")
            }
        }
        return lines
    }

    var dumpLines: [String] {
        nodes.map { node in
            var line = "<\(node.kind.rawValue) \(node.name): namespace=\(node.namespace)"
            if let address = node.address { line += " address=\(address)" }
            if let address = node.address6 { line += " address6=\(address)" }
            if let process = node.process { line += " pid=\(process.id)" }
            return line + ">"
        }
    }

    /// An interface's name with its node's in front, which those of switches have already.
    private static func full(_ node: String, _ interface: String) -> String {
        interface.hasPrefix("\(node)-") ? interface : "\(node)-\(interface)"
    }

    private static func full(_ peer: String) -> String {
        let parts = peer.split(separator: "/", maxSplits: 1).map(String.init)
        return parts.count == 2 ? full(parts[0], parts[1]) : peer
    }
}
