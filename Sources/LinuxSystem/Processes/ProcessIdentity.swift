// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A process, distinguished from all others that have had or will have its number by the start time.
public struct ProcessIdentity: Hashable, Codable, Sendable {
    /// The process number, which the kernel uses again some day.
    public let id: Int32
    /// Clock ticks since the machine started: field 22 of /proc/PID/stat.
    public let startTime: UInt64

    /// The process that has this number now; nil if no process has it.
    public init?(running id: Int32) {
        guard let startTime = Self.startTime(of: id) else { return nil }
        self.id = id
        self.startTime = startTime
    }

    /// The calling process; nil where /proc does not show it.
    public static var current: ProcessIdentity? { ProcessIdentity(running: getpid()) }

    /// Whether it still runs; one that has ended and only waits for its parent does not.
    public var isRunning: Bool {
        guard let stat = Self.stat(of: id), stat.startTime == startTime else { return false }
        return stat.state != UInt8(ascii: "Z") && stat.state != UInt8(ascii: "X")
    }

    /// Sends a signal to it and to no other process, even one that gets its number in the same moment.
    /// - Returns: false if it has ended.
    @discardableResult
    public func send(_ signal: Signal) throws(SystemError) -> Bool {
        guard let handle = try handle() else { return false }
        do {
            try SystemCall.run("pidfd_send_signal", on: "\(id)") {
                p4ni_pidfd_send_signal(handle.number, signal.rawValue)
            }
            return true
        } catch  where error.errno == .noProcess {
            return false
        }
    }

    /// Waits until it has ended.
    /// - Returns: false if it still runs after `milliseconds`.
    public func waitForEnd(milliseconds: Int32) throws(SystemError) -> Bool {
        guard let handle = try handle() else { return true }
        return try handle.waitUntilReadable(milliseconds: milliseconds)
    }

    /// Asks it to end by SIGTERM and, if it has not within `milliseconds`, ends it by SIGKILL.
    public func end(within milliseconds: Int32) throws(SystemError) {
        guard try send(.terminate), try !waitForEnd(milliseconds: milliseconds) else { return }
        try send(.kill)
        _ = try waitForEnd(milliseconds: 5000)
    }

    /// Every process of the machine that /proc shows.
    public static func all() -> [ProcessIdentity] {
        guard let stream = unsafe opendir("/proc") else { return [] }
        defer { unsafe closedir(stream) }
        var found: [ProcessIdentity] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let id = Int32(name), let process = ProcessIdentity(running: id) { found.append(process) }
        }
        return found
    }

    /// A descriptor of this very process, nil if it has ended. Opened before the start time is compared: from then
    /// on the number cannot come to mean another.
    private func handle() throws(SystemError) -> Descriptor? {
        let number: Int32
        do {
            number = try SystemCall.run("pidfd_open", on: "\(id)") { p4ni_pidfd_open(id) }
        } catch  where error.errno == .noProcess {
            return nil
        }
        let handle = Descriptor(owning: number)
        return isRunning ? consume handle : nil
    }

    private static func startTime(of id: Int32) -> UInt64? { stat(of: id)?.startTime }

    private static func stat(of id: Int32) -> (state: UInt8, startTime: UInt64)? {
        guard let file = try? Descriptor.open("/proc/\(id)/stat", flags: O_RDONLY),
            let bytes = try? file.read(upTo: 4096)
        else { return nil }
        return parse(bytes)
    }

    /// The name, field 2, is in parentheses and may hold blanks and parentheses itself: fields are counted from
    /// the last closing one.
    static func parse(_ stat: [UInt8]) -> (state: UInt8, startTime: UInt64)? {
        guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let state = fields[0].first,
            let startTime = UInt64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        return (state, startTime)
    }
}

extension Descriptor {
    /// - Returns: false if nothing came within `milliseconds` (negative: waits for ever).
    public borrowing func waitUntilReadable(milliseconds: Int32) throws(SystemError) -> Bool {
        let deadline = DomainClock.monotonicNanoseconds() &+ UInt64(max(milliseconds, 0)) * 1_000_000
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        var rest = milliseconds
        while true {
            let count = unsafe poll(&entry, 1, rest)
            if count >= 0 { return count > 0 }
            let errno = Errno.current
            guard errno == .interrupted else { throw SystemError(call: "poll", errno: errno) }
            if milliseconds >= 0 {
                let now = DomainClock.monotonicNanoseconds()
                rest = now >= deadline ? 0 : Int32((deadline - now) / 1_000_000)
            }
        }
    }
}
