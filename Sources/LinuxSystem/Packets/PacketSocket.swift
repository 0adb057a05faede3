// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The steps that make an AF_PACKET socket a ring, each with the interface's name in its error.
struct PacketSocket: ~Copyable {
    let descriptor: Descriptor
    let interface: String

    /// Room the kernel leaves before the frame, for a VLAN tag that is put back.
    static let reservedHeadroom = 4
    /// Bytes of complete frames that were too long for a slot and wait to be read.
    static let receiveBufferBytes: Int32 = 4 << 20
    /// Sent frames that wait in receivers' sockets count as ours; the default of 208 KiB is some 250 small frames.
    static let sendBufferBytes: Int32 = 8 << 20

    init(interface: String) throws(SystemError) {
        self.interface = interface
        // Protocol 0: nothing is received before bind names one.
        let number = try SystemCall.run("socket AF_PACKET", on: interface) {
            socket(AF_PACKET, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        }
        descriptor = Descriptor(owning: number)
    }

    consuming func intoDescriptor() -> Descriptor { descriptor }

    func configure(_ options: PacketRingOptions) throws(SystemError) {
        try set(Int32(PACKET_VERSION), to: Int32(TPACKET_V2.rawValue), "setsockopt PACKET_VERSION")
        try set(Int32(PACKET_RESERVE), to: Int32(Self.reservedHeadroom), "setsockopt PACKET_RESERVE")
        try set(Int32(PACKET_IGNORE_OUTGOING), to: 1, "setsockopt PACKET_IGNORE_OUTGOING")
        // The kernel describes in front of each frame what its sender left to the network card, and keeps a frame that
        // is longer than a slot in the socket's queue as well.
        try set(Int32(PACKET_VNET_HDR), to: 1, "setsockopt PACKET_VNET_HDR")
        try set(Int32(PACKET_COPY_THRESH), to: 1, "setsockopt PACKET_COPY_THRESH")
        if let filter = options.filter { try attach(filter) }
        enlargeReceiveBuffer()
    }

    private func attach(_ filter: FrameFilter) throws(SystemError) {
        var program = filter.program
        let (number, count) = (descriptor.number, UInt16(program.count))
        try SystemCall.run("setsockopt SO_ATTACH_FILTER", on: interface) {
            unsafe program.withUnsafeMutableBufferPointer { instructions in
                var description = unsafe sock_fprog(len: count, filter: instructions.baseAddress)
                return unsafe setsockopt(
                    number, SOL_SOCKET, SO_ATTACH_FILTER, &description, socklen_t(MemoryLayout<sock_fprog>.size))
            }
        }
    }

    /// For a socket that only sends.
    func configureForSending(bypassesQueueingDiscipline: Bool = true) throws(SystemError) {
        if bypassesQueueingDiscipline {
            try set(Int32(PACKET_QDISC_BYPASS), to: 1, "setsockopt PACKET_QDISC_BYPASS")
        }
        enlargeSendBuffer()
    }

    private func enlargeReceiveBuffer() {
        var bytes = Self.receiveBufferBytes
        unsafe setsockopt(descriptor.number, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Beyond the administrator's limit only with privilege; a smaller buffer still works.
    private func enlargeSendBuffer() {
        var bytes = Self.sendBufferBytes
        unsafe setsockopt(descriptor.number, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// What the kernel puts before the frame: its header, a socket address of 20 bytes, alignment, the reserve, the
    /// description of what is left to do.
    func headerSize() throws(SystemError) -> Int {
        var value = Int32(TPACKET_V2.rawValue)
        var size = socklen_t(MemoryLayout<Int32>.size)
        let number = descriptor.number
        try SystemCall.run("getsockopt PACKET_HDRLEN", on: interface) {
            unsafe getsockopt(number, SOL_PACKET, PACKET_HDRLEN, &value, &size)
        }
        // tpacket_rcv: the network header is 16-byte aligned after at least 16 bytes of link header.
        return Int(p4ni_packet_aligned(UInt32(value) + UInt32(MemoryLayout<sockaddr_ll>.size))) + 32
            + Self.reservedHeadroom + TransmitOffload.byteCount
    }

    func makeReceiveRing(_ geometry: RingGeometry) throws(SystemError) {
        var request = tpacket_req(
            tp_block_size: UInt32(geometry.blockSize), tp_block_nr: UInt32(geometry.blockCount),
            tp_frame_size: UInt32(geometry.slotSize), tp_frame_nr: UInt32(geometry.slotCount))
        let number = descriptor.number
        try SystemCall.run("setsockopt PACKET_RX_RING", on: interface) {
            unsafe setsockopt(
                number, SOL_PACKET, PACKET_RX_RING, &request, socklen_t(MemoryLayout<tpacket_req>.size))
        }
    }

    func bind(to index: Int32, promiscuous: Bool, receiving: Bool = true) throws(SystemError) {
        let number = descriptor.number
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        // Of protocol 0 the kernel hands over nothing.
        address.sll_protocol = receiving ? UInt16(ETH_P_ALL).bigEndian : 0
        address.sll_ifindex = index
        try SystemCall.run("bind", on: interface) {
            unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.bind(number, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
                }
            }
        }
        guard promiscuous else { return }
        var membership = packet_mreq()
        membership.mr_ifindex = index
        membership.mr_type = UInt16(PACKET_MR_PROMISC)
        try SystemCall.run("setsockopt PACKET_ADD_MEMBERSHIP", on: interface) {
            unsafe setsockopt(
                number, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, socklen_t(MemoryLayout<packet_mreq>.size))
        }
    }

    private func set(_ option: Int32, to value: Int32, _ call: String) throws(SystemError) {
        let number = descriptor.number
        var value = value
        try SystemCall.run(call, on: interface) {
            unsafe setsockopt(number, SOL_PACKET, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }
}
