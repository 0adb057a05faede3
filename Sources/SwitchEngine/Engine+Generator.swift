// SPDX-License-Identifier: Apache-2.0

/// Frames that the switch itself makes, as the packet generator of a hardware switch does: one at fixed intervals, and one
/// when a port goes down. Each arrives at a port of the generator's own, and the program decides what becomes of it.
public struct PacketGenerator: Sendable, Hashable {
    /// The port by which the frames arrive, 0 to 510.
    public var port: Int
    /// Nanoseconds from one frame to the next, and the frame; nil: none at intervals.
    public var periodic: Periodic?
    /// The frame that reports a port, without its end: the number of the port in 2 bytes; nil: none.
    public var portDown: [UInt8]?

    /// A frame that is made again and again.
    public struct Periodic: Sendable, Hashable {
        /// Nanoseconds between two.
        public var interval: UInt64
        /// From the Ethernet header on.
        public var frame: [UInt8]

        /// A frame every `interval` nanoseconds.
        public init(every interval: UInt64, _ frame: [UInt8]) {
            self.interval = interval
            self.frame = frame
        }
    }

    /// A generator that makes nothing yet.
    public init(port: Int) { self.port = port }
}

extension Engine {
    /// Sets the packet generator; nil: none. Its first frame is due at once.
    /// - Throws: `EngineError` if a value is out of range.
    public mutating func setGenerator(_ generator: PacketGenerator?, now: PacketTimes) throws(EngineError) {
        if let generator {
            guard (0..<Self.dropPort).contains(generator.port) else {
                throw EngineError(.invalidPort, "packet generator", "port must be 0 to 510, got \(generator.port)")
            }
            let frames = [generator.periodic?.frame, generator.portDown].compactMap { $0 }
            guard frames.allSatisfy({ (14...pool.layout.packetCapacity - 2).contains($0.count) }),
                generator.periodic.map({ $0.interval >= 1_000_000 }) ?? true
            else {
                throw EngineError(
                    .badActionData, "packet generator", "a frame is too short or too long, or the interval below 1 ms")
            }
        }
        self.generator = generator
        generatorDue = generator?.periodic == nil ? .max : now.nanoseconds
    }

    /// Has the generator report a port that is down.
    public mutating func reportPortDown(_ port: Int, now: PacketTimes) {
        guard let generator, var frame = generator.portDown else { return }
        frame.append(UInt8(truncatingIfNeeded: port >> 8))
        frame.append(UInt8(truncatingIfNeeded: port))
        unsafe receive(frame.span.bytes, port: generator.port, now: now)
    }

    /// Makes the frame that is due.
    @inline(never)
    mutating func generate(now: PacketTimes) {
        guard let generator, let periodic = generator.periodic else {
            generatorDue = .max
            return
        }
        generatorDue = now.nanoseconds &+ periodic.interval
        unsafe receive(periodic.frame.span.bytes, port: generator.port, now: now)
    }
}
