// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import TelemetryFormats

/// What a packet costs a switch's engine, alone and on one core: basic forwarding, and INT.p4 without telemetry and at
/// each level. Rounds of all cases are interleaved, so that all meet the same machine.
public struct EngineBench: Sendable {
    /// The cost of a packet in one case.
    public struct Row: Sendable, Hashable, Encodable {
        /// File name of the P4 program.
        public let program: String
        /// Level of the three records that the packet carries; nil if it carries none.
        public let level: UInt8?
        /// Nanoseconds per packet in the median round.
        public let median: Double
        /// Nanoseconds per packet in the fastest round.
        public let fastest: Double

        enum CodingKeys: String, CodingKey {
            case program, level
            case median = "ns_per_packet"
            case fastest = "fastest_ns_per_packet"
        }

        /// A packet without telemetry has the level null.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(program, forKey: .program)
            try container.encode(level, forKey: .level)
            try container.encode(median, forKey: .median)
            try container.encode(fastest, forKey: .fastest)
        }

        init(_ measured: EngineCase, _ rounds: [Double]) {
            program = measured.name
            level = measured.level?.rawValue
            median = rounds.median.rounded(to: 0.1)
            fastest = (rounds.min() ?? 0).rounded(to: 0.1)
        }
    }

    /// Packets per round.
    public var count = 5000
    /// Rounds of each case.
    public var rounds = 101

    /// Where the programs are, and in `include` below it the language's own files.
    private let folder: String

    /// - Parameter folder: the directory of the P4 programs, with `include` in it.
    public init(programsIn folder: String) { self.folder = folder }

    /// - Parameter stop: a descriptor that becomes readable when the run is to be given up.
    public func run(stop: Int32, onProgress: (String) -> Void) throws -> [Row] {
        var cases = [try EngineCase(basicOf: folder), try EngineCase(folder, level: nil)]
        for level in Level.allCases { cases.append(try EngineCase(folder, level: level)) }
        var samples = [[Double]](repeating: [], count: cases.count)
        for round in 0..<rounds {
            onProgress("engine, round \(round + 1) of \(rounds)")
            for index in cases.indices {
                if Readiness.isReadable(stop) { throw BenchmarkError.interrupted }
                samples[index].append(try cases[index].nanosecondsAPacket(count))
            }
        }
        return zip(cases, samples).map(Row.init)
    }
}
