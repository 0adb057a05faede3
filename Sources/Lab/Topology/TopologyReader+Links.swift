// SPDX-License-Identifier: Apache-2.0

internal import Documents

extension TopologyReader {
    /// All links, checked together: each host has one, each port at most one.
    func links(_ top: [String: JSONValue], hosts: Set<String>, switches: Set<String>) throws(LabError)
        -> [Topology.Link]
    {
        var links: [Topology.Link] = []
        var places: [Topology.Endpoint: Int] = [:]
        for (index, value) in try array(try require("links", of: top, at: ""), at: "links").enumerated() {
            let path = "links[\(index)]"
            let fields = try array(value, at: path)
            guard (2...4).contains(fields.count) else {
                throw error(path, "a link is [end, end], [end, end, latency] or [end, end, latency, bandwidth]")
            }
            let first = try endpoint(fields[0], at: path, hosts: hosts, switches: switches)
            let second = try endpoint(fields[1], at: path, hosts: hosts, switches: switches)
            for end in [first, second] {
                if let other = places.updateValue(index, forKey: end) {
                    throw error(path, "'\(end)' is an end of links[\(other)] already")
                }
            }
            if case .host = first, case .host = second {
                throw error(path, "a host must be linked to a switch, not to another host")
            }
            links.append(Topology.Link(first: first, second: second, quality: try quality(fields, at: path)))
        }
        for host in hosts.sorted(by: Topology.inNaturalOrder) where places[.host(host)] == nil {
            throw error("hosts.\(host)", "no link leads to it")
        }
        return links
    }

    private func endpoint(_ value: JSONValue, at path: String, hosts: Set<String>, switches: Set<String>)
        throws(LabError) -> Topology.Endpoint
    {
        let text = try string(value, at: path)
        if hosts.contains(text) { return .host(text) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw error(path, "'\(text)' is neither a declared host nor a port of a switch, as s1-p2")
        }
        let name = String(parts[0])
        guard switches.contains(name) else { throw error(path, "switch '\(name)' is not declared") }
        guard parts[1].first == "p", let port = Int(parts[1].dropFirst()), (1...510).contains(port),
            "p\(port)" == parts[1]
        else {
            throw error(path, "'\(parts[1])' is no port of \(name): p1 to p510")
        }
        return .port(port, of: name)
    }

    private func quality(_ fields: [JSONValue], at path: String) throws(LabError) -> LinkQuality {
        var delay = 0
        if fields.count > 2 {
            let parsed: Int?
            if case .string(let text) = fields[2] {
                parsed = LinkQuality.microseconds(of: text)
            } else {
                parsed = fields[2].number.flatMap(LinkQuality.microseconds(ofMilliseconds:))
            }
            guard let parsed else {
                throw error("\(path)[2]", "no latency: a string as \"10ms\" or \"100us\", or a number of milliseconds")
            }
            delay = parsed
        }
        guard fields.count > 3 else { return LinkQuality(delayMicroseconds: delay) }
        guard let bandwidth = fields[3].number, bandwidth > 0, bandwidth <= 1e6 else {
            throw error("\(path)[3]", "no bandwidth: a number of Mbit/s above 0")
        }
        return LinkQuality(delayMicroseconds: delay, bandwidthMegabits: bandwidth)
    }
}
