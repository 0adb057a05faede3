// SPDX-License-Identifier: Apache-2.0

internal import CBPFShims
internal import Glibc

/// A call of libbpf or the kernel's bpf system call that failed.
public struct BPFError: Error, Sendable, Hashable {
    /// The operation that failed: `load object`, `attach XDP program`.
    public let action: String
    /// The object of the operation.
    public let object: String
    /// The kernel's error number, positive.
    public let errno: Int32
    /// What libbpf printed during the call, with the verifier's log if the verifier refused the program. May be empty.
    public let log: String

    /// - Parameters:
    ///   - action: what failed, as in "cannot ACTION OBJECT".
    ///   - object: what it failed on.
    ///   - errno: the kernel's number.
    ///   - log: the verifier's log, if there is one.
    public init(_ action: String, _ object: String, errno: Int32, log: String = "") {
        self.action = action
        self.object = object
        self.errno = errno
        self.log = log
    }

    /// EPERM or EACCES without a verifier's verdict: the caller lacks the privilege.
    public var isLackOfPrivilege: Bool {
        errno == EPERM || (errno == EACCES && !log.contains("PROG LOAD LOG"))
    }
}

extension BPFError: CustomStringConvertible {
    /// The action, the object and the reason, with the line of the verifier's log that matters.
    public var description: String {
        var text = "cannot \(action) '\(object)': "
        text += unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
        if isLackOfPrivilege { text += "; run as root" }
        if errno == ENODEV, action == "find interface" { text += "; `ip link` lists those of this network namespace" }
        let lines = VerifierLog.usefulLines(of: log)
        if !lines.isEmpty { text += "\n" + lines.map { "  " + $0 }.joined(separator: "\n") }
        return text
    }
}

/// The lines of a log that give the reason: the verifier prints every instruction it walks, and its verdict last.
enum VerifierLog {
    static let lineLimit = 8

    static func usefulLines(of log: String) -> [String] {
        let lines = log.split(separator: "\n").map(String.init).filter { line in
            !line.hasPrefix("processed ") && !line.contains("PROG LOAD LOG --") && !line.hasPrefix("stack depth")
        }
        return Array(lines.suffix(lineLimit))
    }
}

/// The gate to libbpf: every call that can fail goes through here.
enum Libbpf {
    /// Runs a call that returns a negative error number, or -1 with errno, when it fails.
    @discardableResult
    static func run(_ action: String, on object: String, _ body: () -> Int32) throws(BPFError) -> Int32 {
        p4ni_bpf_messages_start()
        let result = body()
        guard result < 0 else { return result }
        let number = Glibc.errno
        throw BPFError(
            action, object, errno: number != 0 ? number : -result, log: unsafe String(cString: p4ni_bpf_messages()))
    }

    /// Runs a call that returns nil with errno set when it fails.
    static func find<Value>(_ action: String, on object: String, _ body: () -> Value?) throws(BPFError) -> Value {
        p4ni_bpf_messages_start()
        guard let result = body() else {
            throw BPFError(action, object, errno: Glibc.errno, log: unsafe String(cString: p4ni_bpf_messages()))
        }
        return result
    }
}

/// The size that an options structure of libbpf states of itself.
enum OptionsSize {
    /// Up to and with the last field that is used. Not `MemoryLayout.size`: libbpf refuses a structure whose tail it
    /// does not know is zero, and Swift leaves padding at the end of a structure as it finds it.
    static func through<Options, Field>(_ field: KeyPath<Options, Field>) -> Int {
        guard let offset = MemoryLayout<Options>.offset(of: field) else { preconditionFailure("not a stored field") }
        return offset + MemoryLayout<Field>.size
    }
}
