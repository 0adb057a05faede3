// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import Testing

@testable import HostAgent

@Suite struct MetricTextTests {
    @Test func labelsAreEscapedAndFamiliesWithoutSamplesLeftOut() {
        var text = MetricText()
        text.add("p4_a_total", .counter, "Help.", [(labels: [("name", "a\\b\"c\nd")], value: "7")])
        text.add("p4_b", .gauge, "None.", [])
        #expect(
            text.text == "# HELP p4_a_total Help.\n# TYPE p4_a_total counter\np4_a_total{name=\"a\\\\b\\\"c\\nd\"} 7\n")
    }

    @Test(arguments: [
        "p4_a 1\n", "# TYPE p4_a counter\np4_a 1\n",
        "# HELP p4_a_total h\n# TYPE p4_a_total counter\np4_a_total{x=1} 1\n",
        "# HELP p4_a h\n# TYPE p4_a gauge\np4_a{x=\"1\"} 1\np4_a{x=\"1\"} 2\n",
        "# HELP p4_a h\n# TYPE p4_a gauge\np4_a 1",
        "# HELP p4_a h\n# TYPE p4_a gauge\np4_a one\n", "# HELP p4_a h\n# TYPE p4_a gauge\n1a 1\n",
    ]) func checkerRefusesWhatAScraperWould(_ text: String) {
        #expect(ExpositionCheck(text).problem != nil)
    }
}

extension LiveTests {
    @Suite(.serialized) struct HostMetricsTests {
        @Test func metricsOfEveryAttachmentAreWellFormedAndAgreeWithTheStatus() throws {
            try HostLab.with { lab in
                #expect(try lab.server.perform { try TelemetryHost.attachments() }.statuses.isEmpty)
                _ = try lab.host { try $0.attach() }
                var client = AttachOptions()
                client.role = .client
                _ = try lab.server.perform { [client] in try TelemetryHost(interface: "lo").attach(client) }
                try expectEcho(in: lab, ordinal: 1)
                let all = try lab.server.perform { try TelemetryHost.attachments() }
                #expect(all.statuses.map(\.interface) == ["lo", "eth0"] && all.unreadable.isEmpty)
                let check = ExpositionCheck(HostMetrics(all.statuses).text)
                #expect(check.problem == nil)
                let saved =
                    "p4netintel_host_frames_total{interface=\"eth0\",role=\"server\",hook=\"xdp\",reason=\"xdp_saved\"}"
                #expect(check.samples[saved] == 1)
                #expect(
                    check.samples["p4netintel_host_answered_requests_total{interface=\"eth0\",role=\"server\"}"] == 1)
                // Each part has its own counts, and no other's.
                for name in ["waiting_requests", "max_requests", "answered_requests_total"] {
                    #expect(
                        check.samples["p4netintel_host_\(name){interface=\"eth0\",role=\"server\"}"] != nil, "\(name)")
                    #expect(
                        check.samples["p4netintel_host_\(name){interface=\"lo\",role=\"client\"}"] == nil, "\(name)")
                }
                let ofClient = check.samples.keys.filter { $0.contains("frames_total{interface=\"lo\"") }
                #expect(!ofClient.contains { $0.contains("tc_") || $0.contains("xdp_saved") })
                #expect(ofClient.contains { $0.contains("xdp_returned") })
                let numbered = "p4netintel_host_numbered_requests_total{interface="
                #expect(check.samples[numbered + "\"eth0\",role=\"server\"}"] == 0)
                #expect(check.samples[numbered + "\"lo\",role=\"client\"}"] == nil)
                #expect(check.types["p4netintel_host_missing_requests"] == "gauge")
                let stamped = "p4netintel_host_client_frames_total{interface=\"lo\",role=\"client\",reason="
                #expect(check.samples[stamped + "\"stamp_stamped\"}"] == 0)
                #expect(check.samples.keys.count { $0.hasPrefix(stamped) } == ClientReason.allCases.count)
                #expect(check.types["p4netintel_host_frames_total"] == "counter")
                try lab.host { try $0.detach() }
                try lab.server.perform { try TelemetryHost(interface: "lo").detach() }
            }
        }
    }
}

/// The grammar of the exposition format, as far as a scraper is strict about it.
struct ExpositionCheck {
    private(set) var types: [String: String] = [:]
    private(set) var samples: [String: Double] = [:]
    /// The first thing that is wrong.
    private(set) var problem: String?
    private var helps: Set<String> = []
    private var family = ""

    init(_ text: String) {
        guard text.hasSuffix("\n") else {
            problem = "the last line has no end"
            return
        }
        for line in text.split(separator: "\n") where problem == nil {
            problem = line.hasPrefix("# ") ? describe(line.dropFirst(2)) : sample(line)
        }
    }

    private mutating func describe(_ line: Substring) -> String? {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, Self.isName(words[1]) else { return "no description: \(line)" }
        if words[0] == "HELP" { return helps.insert(words[1]).inserted ? nil : "helped twice: \(line)" }
        guard words[0] == "TYPE", helps.contains(words[1]), types[words[1]] == nil else { return "misplaced: \(line)" }
        guard ["counter", "gauge"].contains(words[2]) else { return "unknown type: \(line)" }
        if words[2] == "counter", !words[1].hasSuffix("_total") { return "a counter's name ends in _total: \(line)" }
        types[words[1]] = words[2]
        family = words[1]
        return nil
    }

    private mutating func sample(_ line: Substring) -> String? {
        guard let blank = line.lastIndex(of: " "), let value = Double(line[line.index(after: blank)...]) else {
            return "no value: \(line)"
        }
        let series = String(line[..<blank])
        let name = String(series.prefix { $0 != "{" })
        guard Self.isName(name), name == family else { return "not of the family \(family): \(line)" }
        let labels = series.dropFirst(name.count)
        guard labels.isEmpty || labels.wholeMatch(of: /\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*",?)*\}/) != nil
        else {
            return "labels: \(line)"
        }
        guard samples.updateValue(value, forKey: series) == nil else { return "twice: \(line)" }
        return nil
    }

    private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil }
}
