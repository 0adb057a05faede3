// SPDX-License-Identifier: Apache-2.0

internal import InstalledFiles
internal import Addresses
internal import Collector
internal import Experiments
internal import HostAgent
internal import Lab
internal import LinuxSystem
internal import TelemetryFormats
internal import Workload

/// One case of sampling: two flows whose packets leave alternately share all queues. Every packet of the IPv4 flow is
/// traced at level 3, which is the truth; the IPv6 flow uses the policy and level under test. The result is the error of
/// what the latter reports of each hop.
struct SamplingTrial {
    static let settings = ["topology", "policy", "level", "decides", "rate", "burst", "size", "duration"]

    private let stage: Stage
    private let policy: String
    private let level: Int
    /// Every switch decides for itself, as the reference's do, and not the first one for all.
    private let eachDecides: Bool
    private let rate: Double
    private let burst: Int
    private let size: Int
    private let duration: Double

    init(_ settings: SettingReader, _ installation: Installation, interruption: Int32) throws {
        stage = try Stage(
            settings.text("topology", default: "bottleneck"), installation, interruption: interruption)
        policy = settings.text("policy", default: "every")
        level = try settings.integer("level", in: Level.range, default: 5)
        eachDecides = try settings.choice("decides", of: ["first", "each"]) == "each"
        rate = try settings.number("rate", in: 1...1_000_000, default: 500)
        burst = try settings.integer("burst", in: ClientConfiguration.burstRange, default: 20)
        size = try settings.integer("size", in: ClientConfiguration.payloadRange(.udp), default: 200)
        duration = try settings.number("duration", in: 0.5...3600, default: 10)
    }

    func run() throws -> [Row] {
        _ = try stage.lab.up(stage.topology, try labOptions())
        defer { _ = try? stage.lab.down() }
        let server = try stage.lab.namespace(of: Stage.serverHost)
        let host = TelemetryHost(interface: Topology.Host.interface)
        try server.perform {
            _ = try host.attach(AttachOptions())
            _ = try host.waitUntilProbed()
        }
        defer { _ = try? server.perform { try host.detach(waits: false) } }
        let application = try stage.startServer()
        defer { _ = try? application.end() }
        let samples = HopSamples()
        let capture = try CaptureThread(
            on: Topology.Host.interface, in: try stage.lab.namespace(of: Stage.collectorHost),
            feeding: SharedPipeline(JourneyPipeline(sinks: [samples])))
        let report = try runClient()
        let missed = try capture.end()
        return [row(samples, replies: report.replied / 2, lost: report.lost, missed: missed)]
    }

    /// Packets of both flows alternately, so that they meet the same queues.
    private func runClient() throws -> ClientReport {
        func server(overIPv6: Bool) throws -> Endpoint {
            Endpoint(try stage.address(of: Stage.serverHost, overIPv6: overIPv6), port: Stage.serverPort)
        }
        var configuration = ClientConfiguration(
            destination: try server(overIPv6: false), rate: 2 * rate, duration: duration)
        configuration.alternative = try server(overIPv6: true)
        configuration.burst = 2 * burst
        configuration.payloadBytes = size
        var client = try stage.lab.namespace(of: Stage.clientHost).perform { try Client(configuration) }
        return try client.run(stop: stage.interruption)
    }

    private func labOptions() throws -> LabOptions {
        var options = stage.labOptions()
        let server = try (
            v4: stage.address(of: Stage.serverHost), v6: stage.address(of: Stage.serverHost, overIPv6: true)
        )
        let client = try stage.address(of: Stage.clientHost, overIPv6: true)
        options.commands[Stage.clientSwitch] = [
            "table_clear watchlist", "table_clear watchlist6", "table_add watchlist every \(server.v4)/32 => 3",
            entry("watchlist6", server.v6, level: level),
        ]
        if eachDecides {
            for node in stage.topology.switches {
                options.commands[node.name, default: []] += [
                    entry("followlist6", server.v6, level: 0), entry("followlist6", client, level: 0),
                ]
            }
        }
        return options
    }

    /// The table entry of the policy, whose name and parameter are the setting's words.
    private func entry(_ table: String, _ address: IPAddress, level: Int) -> String {
        let words = policy.split(separator: " ")
        let parameters = ["\(level)"] + words.dropFirst().map(String.init)
        return "table_add \(table) \(words.first ?? "every") \(address)/128 => \(parameters.joined(separator: " "))"
    }

    private func row(_ samples: HopSamples, replies: Int, lost: Int, missed: UInt64) -> Row {
        let truth = samples.overIPv4
        let sampled = samples.overIPv6
        let errors = SamplingErrors(of: sampled, against: truth)
        // Ethernet, IPv6 and UDP headers before the payload.
        let packetBytes = Double(max(replies, 1) * (size + 62))
        var values = [
            "overhead_percent": Double(sampled.telemetryBytes) * 100 / packetBytes,
            "journeys": Double(sampled.journeys), "truth_journeys": Double(truth.journeys), "lost": Double(lost),
            "missed": Double(missed),
        ]
        values["latency_p50_error_percent"] = errors.latencyP50
        values["latency_p99_error_percent"] = errors.latencyP99
        values["queue_peak_error_percent"] = errors.queuePeak
        let sampling = policy + (eachDecides ? ", each hop" : "")
        return Row(labels: ["sampling": Label(sampling)], values: values)
    }
}
