// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Packets that a network namespace has lost since it was made: the requests that no program sees.
public struct LossCounters: Sendable, Hashable {
    /// Datagrams for which a socket had no room, of IPv4 and IPv6.
    public var socketFull: UInt64 = 0
    /// Datagrams that were damaged, or whose memory could not be had.
    public var damaged: UInt64 = 0
    /// Frames that interfaces dropped or could not read, in and out.
    public var interfaces: UInt64 = 0

    /// All counters 0.
    public init() {}

    /// The counters of a namespace now.
    public init(of namespace: NetworkNamespace) throws {
        self = try namespace.perform { try Self.ofCurrentThread() }
    }

    /// The counters of the calling thread's namespace now.
    public static func ofCurrentThread() throws(SystemError) -> LossCounters {
        var counters = LossCounters()
        counters.addDatagrams(try text("snmp"), overIPv6: try text("snmp6"))
        counters.addInterfaces(try text("dev"))
        return counters
    }

    /// - Parameters:
    ///   - lines: a line of names and a line of numbers for each protocol, both begin with its name.
    ///   - overIPv6: a name and a number a line.
    mutating func addDatagrams(_ lines: String, overIPv6: String) {
        let udp = lines.split(separator: "\n").filter { $0.hasPrefix("Udp:") }.map { $0.split(separator: " ") }
        var numbers: [Substring: UInt64] = [:]
        if udp.count == 2 { for (name, number) in zip(udp[0], udp[1]) { numbers[name] = UInt64(number) } }
        for line in overIPv6.split(separator: "\n") where line.hasPrefix("Udp6") {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count == 2, let number = UInt64(words[1]) else { continue }
            numbers[words[0].dropFirst(4), default: 0] += number
        }
        // All that went wrong, the full sockets included.
        let full = numbers["RcvbufErrors"] ?? 0
        socketFull += full
        damaged += max(numbers["InErrors"] ?? 0, full) - full
    }

    /// - Parameter lines: two of headings, then one an interface, of 16 numbers.
    mutating func addInterfaces(_ lines: String) {
        for line in lines.split(separator: "\n").dropFirst(2) {
            let numbers = line.split(separator: ":").last?.split(separator: " ").compactMap { UInt64($0) } ?? []
            // Bytes, packets, errors and drops received; four others; the same sent.
            if numbers.count >= 12 { interfaces += numbers[2] + numbers[3] + numbers[10] + numbers[11] }
        }
    }

    /// A file of the calling thread's namespace; empty where the kernel lacks it, for example IPv6's.
    private static func text(_ name: String) throws(SystemError) -> String {
        let file: Descriptor
        do {
            file = try Descriptor.open("/proc/thread-self/net/\(name)", flags: O_RDONLY)
        } catch  where error.errno == .noEntry {
            return ""
        }
        var bytes: [UInt8] = []
        while let more = try file.read(upTo: 1 << 16), !more.isEmpty { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }
}
