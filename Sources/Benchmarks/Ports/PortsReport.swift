// SPDX-License-Identifier: Apache-2.0

/// Everything that `bench switch` finds out between interfaces.
public struct PortsReport: Sendable, Hashable, Encodable {
    public let ports: [PortsBench.ThroughputRow]
    public let latencies: [PortsBench.LatencyRow]
    public let rates: [PortsBench.RateRow]
    public let idleProcessorPercent: Double
    public let memoryMegabytes: Double

    enum CodingKeys: String, CodingKey {
        case ports, latencies
        case latency = "latency_us"
        case rates = "traffic_manager"
        case idleProcessorPercent = "idle_cpu_percent"
        case memoryMegabytes = "memory_mb"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(ports, forKey: .ports)
        // At the low rate, the first.
        try container.encodeIfPresent(latencies.first, forKey: .latency)
        try container.encode(latencies, forKey: .latencies)
        try container.encode(rates, forKey: .rates)
        try container.encode(idleProcessorPercent, forKey: .idleProcessorPercent)
        try container.encode(memoryMegabytes, forKey: .memoryMegabytes)
    }
}
