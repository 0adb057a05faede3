// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The steps that make an AF_XDP socket one that only sends, each with the interface's name in its error.
///
/// Without a receive ring no XDP program is needed, and what the interface receives reaches the network stack as
/// before. The kernel copies the frames (XDP_COPY), so the driver need not support AF_XDP. The socket is bound to queue
/// 0; an interface accepts one such socket per queue.
struct XDPSocket: ~Copyable {
    let descriptor: Descriptor
    let interface: String

    /// XDP_MAX_TX_SKB_BUDGET (Linux 6.18): frames that one call sends, 32 without it. Newer than the headers may be.
    private static let budgetOption: Int32 = 9

    init(interface: String) throws(SystemError) {
        self.interface = interface
        let number = try SystemCall.run("socket AF_XDP", on: interface) {
            socket(AF_XDP, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        descriptor = Descriptor(owning: number)
    }

    consuming func intoDescriptor() -> Descriptor { descriptor }

    /// Registers the frames' memory and makes rings of `entries`, a power of two.
    func configure(frames: borrowing MemoryMapping, frameSize: Int, entries: Int) throws(SystemError) {
        var memory = xdp_umem_reg()
        memory.addr = UInt64(UInt(bitPattern: unsafe frames.base))
        memory.len = UInt64(frames.byteCount)
        memory.chunk_size = UInt32(frameSize)
        try set(XDP_UMEM_REG, to: &memory, call: "setsockopt XDP_UMEM_REG")
        var count = Int32(entries)
        try set(XDP_UMEM_COMPLETION_RING, to: &count, call: "setsockopt XDP_UMEM_COMPLETION_RING")
        try set(XDP_TX_RING, to: &count, call: "setsockopt XDP_TX_RING")
        // Nothing is received, but the kernel binds no memory without a ring to receive into.
        var unused: Int32 = 2
        try set(XDP_UMEM_FILL_RING, to: &unused, call: "setsockopt XDP_UMEM_FILL_RING")
        // Both as far as they go: a socket that sends less at a time still sends.
        var budget = UInt32(entries)
        _ = unsafe setsockopt(descriptor.number, SOL_XDP, Self.budgetOption, &budget, 4)
        var bytes = PacketSocket.sendBufferBytes
        _ = unsafe setsockopt(descriptor.number, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, 4)
    }

    func ringOffsets() throws(SystemError) -> xdp_mmap_offsets {
        var offsets = xdp_mmap_offsets()
        var size = socklen_t(MemoryLayout<xdp_mmap_offsets>.size)
        let number = descriptor.number
        try SystemCall.run("getsockopt XDP_MMAP_OFFSETS", on: interface) {
            unsafe getsockopt(number, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &size)
        }
        return offsets
    }

    func bind(to index: UInt32) throws(SystemError) {
        let number = descriptor.number
        var address = sockaddr_xdp()
        address.sxdp_family = UInt16(AF_XDP)
        address.sxdp_flags = UInt16(XDP_COPY)
        address.sxdp_ifindex = index
        try SystemCall.run("bind AF_XDP", on: interface) {
            unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.bind(number, $0, socklen_t(MemoryLayout<sockaddr_xdp>.size))
                }
            }
        }
    }

    private func set<Value>(_ option: Int32, to value: inout Value, call: String) throws(SystemError) {
        let number = descriptor.number
        _ = try unsafe withUnsafePointer(to: &value) { (value) throws(SystemError) in
            try SystemCall.run(call, on: interface) {
                unsafe setsockopt(number, SOL_XDP, option, value, socklen_t(MemoryLayout<Value>.size))
            }
        }
    }
}
