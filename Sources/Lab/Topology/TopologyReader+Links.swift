// SPDX-License-Identifier: Apache-2.0

internal import Documents
internal import TextLayout

extension TopologyReader {
    /// All links, checked together: each host has one, each port at most one.
    func links(
        _ section: DocumentNode, hosts: [(name: String, source: DocumentNode)], switches: [String]
    ) throws(InputError) -> [Topology.Link] {
        var links: [Topology.Link] = []
        var places: [Topology.LinkEnd: String] = [:]
        for link in try section.list() {
            let fields = try link.list()
            guard (2...4).contains(fields.count) else {
                throw link.error(expected: "[end, end], [end, end, latency] or [end, end, latency, bandwidth]")
            }
            var ends: [Topology.LinkEnd] = []
            for field in fields.prefix(2) {
                let end = try endpoint(field, hosts: hosts.map(\.name), switches: switches)
                if let other = places.updateValue(link.path, forKey: end) {
                    throw field.error("a host or port must have one link, got '\(end)', which is an end of \(other)")
                }
                ends.append(end)
            }
            if case .host = ends[0], case .host = ends[1] {
                throw link.error("a host must be linked to a switch, got two hosts")
            }
            links.append(Topology.Link(first: ends[0], second: ends[1], quality: try quality(fields)))
        }
        for host in hosts where places[.host(host.name)] == nil {
            throw host.source.error("a host must have a link, got none")
        }
        return links
    }

    private func endpoint(
        _ value: DocumentNode, hosts: [String], switches: [String]
    ) throws(InputError) -> Topology.LinkEnd {
        let text = try value.string()
        if hosts.contains(text) { return .host(text) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw value.error(expected: "a host or a switch's port, such as s1-p2")
        }
        let name = String(parts[0])
        guard switches.contains(name) else {
            let message = "a link's end must be a port of a declared switch, got '\(name)'"
            throw value.error(message + NearName.didYouMean(name, among: switches))
        }
        guard parts[1].first == "p", let port = Int(parts[1].dropFirst()), (1...510).contains(port),
            "p\(port)" == parts[1]
        else {
            throw value.error(expected: "a port from \(name)-p1 to \(name)-p510")
        }
        return .port(port, of: name)
    }

    private func quality(_ fields: [DocumentNode]) throws(InputError) -> LinkQuality {
        let delay = fields.count > 2 ? try latency(fields[2]) : 0
        guard fields.count > 3 else { return LinkQuality(delayMicroseconds: delay) }
        guard let bandwidth = fields[3].number, bandwidth > 0, bandwidth <= 1e6 else {
            throw fields[3].error(expected: "a bandwidth greater than 0 and up to 1000000, in Mbit/s")
        }
        return LinkQuality(delayMicroseconds: delay, bandwidthMegabits: bandwidth)
    }

    private func latency(_ value: DocumentNode) throws(InputError) -> Int {
        let microseconds =
            if case .string(let text) = value.content {
                LinkQuality.microseconds(of: text)
            } else {
                value.number.flatMap(LinkQuality.microseconds(ofMilliseconds:))
            }
        guard let microseconds else {
            throw value.error(expected: "a latency up to 60 s: \"10ms\", \"100us\" or a number of milliseconds")
        }
        return microseconds
    }
}
