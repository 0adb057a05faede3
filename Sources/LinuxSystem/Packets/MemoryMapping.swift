// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Memory shared with the kernel, unmapped when its owner goes.
@safe
struct MemoryMapping: ~Copyable, @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Maps what `descriptor` refers to, from `offset` on.
    init(of descriptor: borrowing Descriptor, byteCount: Int, offset: Int = 0, object: String) throws(SystemError) {
        let base = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number, offset)
        try unsafe self.init(mapped: base, byteCount: byteCount, object: object)
    }

    /// Memory of our own in whole pages, all zero.
    init(byteCount: Int, object: String) throws(SystemError) {
        let base = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        try unsafe self.init(mapped: base, byteCount: byteCount, object: object)
    }

    private init(mapped base: UnsafeMutableRawPointer?, byteCount: Int, object: String) throws(SystemError) {
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
