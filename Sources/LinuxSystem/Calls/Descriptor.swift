// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file descriptor with one owner, closed when the owner goes.
public struct Descriptor: ~Copyable, Sendable {
    /// Valid for as long as this value lives; never close it yourself.
    public let number: Int32

    /// Takes ownership of an open descriptor.
    public init(owning number: Int32) {
        precondition(number >= 0, "a descriptor is never negative")
        self.number = number
    }

    deinit {
        // Linux releases the number even when close reports EINTR: trying again could close another's file.
        Glibc.close(number)
    }

    /// Closes the descriptor before its owner goes.
    public consuming func close() {}
}

extension Descriptor {
    /// Opens a path, always with O_CLOEXEC.
    public static func open(_ path: String, flags: Int32, mode: UInt32 = 0o644) throws(SystemError) -> Descriptor {
        let number = try SystemCall.run("open", on: path) { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) }
        return Descriptor(owning: number)
    }

    /// A pipe's two ends: what is written to the second is read from the first.
    public static func pipe() throws(SystemError) -> DescriptorPair {
        var ends: [Int32] = [-1, -1]
        try SystemCall.run("pipe") { unsafe Glibc.pipe(&ends) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return DescriptorPair(reading: Descriptor(owning: ends[0]), writing: Descriptor(owning: ends[1]))
    }

    /// Up to `capacity` bytes; empty at the end of the file, nil if a descriptor that does not block has none yet.
    public borrowing func read(upTo capacity: Int) throws(SystemError) -> [UInt8]? {
        let number = number
        var bytes = [UInt8](repeating: 0, count: capacity)
        let count = try SystemCall.runUnlessBlocking("read") { unsafe Glibc.read(number, &bytes, capacity) }
        guard let count else { return nil }
        bytes.removeLast(capacity - count)
        return bytes
    }

    /// Writes all of `bytes`.
    public borrowing func write(_ bytes: [UInt8]) throws(SystemError) {
        let number = number
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try SystemCall.run("write") {
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }
}

/// Two descriptors that belong together.
public struct DescriptorPair: ~Copyable, Sendable {
    /// The end that is read from.
    public let reading: Descriptor
    /// The end that is written to.
    public let writing: Descriptor

    init(reading: consuming Descriptor, writing: consuming Descriptor) {
        self.reading = reading
        self.writing = writing
    }
}
