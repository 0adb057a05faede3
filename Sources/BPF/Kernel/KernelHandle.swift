// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// A descriptor of a program, map or link, closed when its owner goes. What it refers to lives on while something
/// else does too: a pin, an attachment.
struct KernelHandle: ~Copyable, Sendable {
    let number: Int32

    init(owning number: Int32) { self.number = number }

    /// A second descriptor of the same, for what libbpf keeps the first of.
    init(copying number: Int32, of name: String) throws(BPFError) {
        self.number = try Libbpf.run("copy the descriptor of", on: name) { fcntl(number, F_DUPFD_CLOEXEC, 3) }
    }

    init(pinnedAt path: String) throws(BPFError) {
        number = try Libbpf.run("open the pin", on: path) { unsafe bpf_obj_get(path) }
    }

    deinit { close(number) }

    func pin(at path: String) throws(BPFError) {
        try Libbpf.run("pin to", on: path) { unsafe bpf_obj_pin(number, path) }
    }

    /// What the kernel reports about the object. `Information` is the structure that belongs to its kind.
    func information<Information>(into value: inout Information, of name: String) throws(BPFError) {
        let number = number
        var size = UInt32(MemoryLayout<Information>.size)
        try Libbpf.run("ask about", on: name) {
            unsafe withUnsafeMutablePointer(to: &value) { unsafe bpf_obj_get_info_by_fd(number, $0, &size) }
        }
    }
}

/// Ownership of a program, map or link that is shared, for example by two dictionaries. The value is closed when its
/// last owner goes.
public final class Shared<Value: ~Copyable & Sendable>: Sendable {
    /// What is shared.
    public let value: Value

    /// The first owner of `value`.
    public init(_ value: consuming Value) { self.value = value }
}
