// SPDX-License-Identifier: Apache-2.0

/// Everything that `bench switch` finds out between interfaces.
public struct PortsReport: Sendable, Hashable, Encodable {
    /// Throughput per frame size.
    public let ports: [PortsBench.ThroughputRow]
    /// Latency per rate, the lowest first.
    public let latencies: [PortsBench.LatencyRow]
    /// Accuracy of the links' bandwidths.
    public let rates: [PortsBench.RateRow]
    /// Processor time of all idle switches together, in percent of one processor.
    public let idleProcessorPercent: Double
    /// Resident memory of the largest idle switch, in MB.
    public let memoryMegabytes: Double

    enum CodingKeys: String, CodingKey {
        case ports, latencies
        case latency = "latency_us"
        case rates = "traffic_manager"
        case idleProcessorPercent = "idle_cpu_percent"
        case memoryMegabytes = "memory_mb"
    }

    /// The first latency is also encoded by itself.
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
