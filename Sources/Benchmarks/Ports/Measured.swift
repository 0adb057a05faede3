// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import LinuxSystem
internal import SwitchRuntime

/// A process that is measured: a switch, or the forwarder that it is compared with. It ends with this value, which may
/// be after its last use: call `end` after what needs the process.
final class Measured {
    private let child: ChildProcess
    private let output: DescriptorPair

    /// Starts it and waits until it takes frames.
    /// - Parameter processors: where it runs; empty: anywhere.
    init(_ command: [String], in namespace: NetworkNamespace, processors: [Processor] = []) throws {
        let everywhere = Processor.usable()
        if !processors.isEmpty { try Processor.restrictThread(to: processors) }
        defer { if !processors.isEmpty { try? Processor.restrictThread(to: everywhere) } }
        let pipe = try Descriptor.pipe()
        var request = SpawnRequest(command, in: namespace)
        request.output = .descriptor(pipe.writing.number)
        request.deathSignal = .terminate
        child = try ChildProcess.spawn(request)
        output = pipe
    }

    func waitUntilReady() throws {
        var text = ""
        let end = DomainClock.monotonicNanoseconds() + 30_000_000_000
        while !text.contains("ready\n") {
            guard try child.wait(milliseconds: 0) == nil, DomainClock.monotonicNanoseconds() < end else {
                throw BenchmarkError(.notMeasured, "'\(child.program)' did not get ready to forward")
            }
            guard try output.reading.waitUntilReadable(milliseconds: 100) else { continue }
            text += String(decoding: try output.reading.read(upTo: 4096) ?? [], as: UTF8.self)
        }
    }

    /// Ends it; what it had counted. For a switch that prints JSON.
    func statistics() throws -> SwitchStatistics {
        _ = try child.end()
        guard try output.reading.waitUntilReadable(milliseconds: 0), let bytes = try output.reading.read(upTo: 1 << 16)
        else { throw BenchmarkError(.notMeasured, "'\(child.program)' ended without its statistics") }
        return try JSONDecoder().decode(SwitchStatistics.self, from: Data(bytes))
    }

    func end() { _ = try? child.end() }

    deinit { _ = try? child.end() }

    /// Nanoseconds of processor it has used.
    func processorTime() throws -> UInt64 {
        guard let time = UInt64(try read("schedstat").split(separator: " ").first ?? "") else {
            throw BenchmarkError(.notMeasured, "the kernel does not report the time of process \(child.id)")
        }
        return time
    }

    /// Bytes of memory it has in use.
    func memory() throws -> Int {
        for line in try read("status").split(separator: "\n") where line.hasPrefix("VmRSS:") {
            if let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) {
                return kilobytes * 1024
            }
        }
        throw BenchmarkError(.notMeasured, "the kernel does not report the memory of process \(child.id)")
    }

    private func read(_ file: String) throws -> String {
        let descriptor = try Descriptor.open("/proc/\(child.id)/\(file)", flags: 0)
        return String(decoding: try descriptor.read(upTo: 1 << 14) ?? [], as: UTF8.self)
    }
}
