// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Memory shared with the kernel, unmapped when its owner goes.
@safe
struct MemoryMapping: ~Copyable, @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Maps all of `descriptor` from its start.
    init(of descriptor: borrowing Descriptor, byteCount: Int, object: String) throws(SystemError) {
        let base = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number, 0)
        // MAP_FAILED is all ones, which is not nil.
        guard let base = unsafe base, unsafe base != UnsafeMutableRawPointer(bitPattern: -1) else {
            throw SystemError(call: "mmap", errno: .current, object: object)
        }
        unsafe self.base = unsafe base
        self.byteCount = byteCount
    }

    deinit {
        unsafe munmap(base, byteCount)
    }
}
