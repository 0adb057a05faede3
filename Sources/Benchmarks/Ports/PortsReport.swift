// SPDX-License-Identifier: Apache-2.0

/// Everything that `bench switch` finds out between interfaces.
struct PortsReport: Encodable {
    var ports: [PortsBench.ThroughputRow]
    var latencies: [PortsBench.LatencyRow]
    var rates: [PortsBench.RateRow]
    var idleProcessorPercent: Double
    var memoryMegabytes: Double

    init(_ bench: PortsBench, _ progress: (String) -> Void) throws {
        latencies = try bench.latency(progress)
        rates = try bench.rates(progress)
        let idle = try bench.idle(progress)
        idleProcessorPercent = idle.percent
        memoryMegabytes = idle.megabytes
        ports = try bench.throughput(progress)
    }

    enum CodingKeys: String, CodingKey {
        case ports, latencies
        case latency = "latency_us"
        case rates = "traffic_manager"
        case idleProcessorPercent = "idle_cpu_percent"
        case memoryMegabytes = "memory_mb"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(ports, forKey: .ports)
        // At the low rate, the first.
        try container.encodeIfPresent(latencies.first, forKey: .latency)
        try container.encode(latencies, forKey: .latencies)
        try container.encode(rates, forKey: .rates)
        try container.encode(idleProcessorPercent, forKey: .idleProcessorPercent)
        try container.encode(memoryMegabytes, forKey: .memoryMegabytes)
    }

    var lines: [String] {
        ports.map(\.text) + latencies.map(\.text) + rates.map(\.text) + [
            "\(PortsBench.idleSwitches) idle switches: \(idleProcessorPercent) % of a processor in sum, up to "
                + "\(memoryMegabytes) MB each"
        ]
    }
}
