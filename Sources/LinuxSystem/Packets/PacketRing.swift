// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Every frame of one Ethernet interface, in and out, past the network stack.
///
/// *In*: an AF_PACKET receive ring of TPACKET_V2. The later V3 packs frames into blocks and hands a block over only
/// when it is full or its timer fires, a millisecond at the least: longer than a frame takes through a switch.
/// Frames that this machine sends out of the interface are not seen (PACKET_IGNORE_OUTGOING).
///
/// *Out*: frames are staged in memory that an AF_XDP socket sends from, or, where there can be none, in ordinary memory
/// from which one `sendmmsg` sends up to 64. Over veth, a forwarder that does nothing else takes 1.05 us per frame with
/// AF_XDP and 1.8 us with `sendmmsg`; a PACKET_TX_RING is not faster than that. To receive by AF_XDP as well was
/// measured too and is slower on veth (the kernel copies each frame once more, to make room in front of it for XDP),
/// and would take the interface's XDP hook, the kernel's arrival time and frames above 3.5 KB.
///
/// One thread at a time may use it. The kernel part belongs to the namespace of the thread that opens it.
@safe
public struct PacketRing: ~Copyable, @unchecked Sendable {
    /// Name of the interface.
    public let interface: String
    /// Bytes of the longest frame that is received uncut or sent.
    public let frameCapacity: Int
    /// The largest number of frames that can be staged between flushes.
    public let transmitSlots: Int

    let descriptor: Descriptor
    let completesOffloads: Bool
    let mapping: MemoryMapping
    let geometry: RingGeometry
    /// Nanoseconds that `DomainClock` is ahead of CLOCK_REALTIME, read once: no look at a global for each frame.
    let clockAheadOfRealtime: UInt64
    /// The slot the kernel fills next, i.e. the first that can be ours.
    var receiveIndex = 0

    /// For frames of many packets; nil until one comes.
    var longFrames: LongFrameRoom?

    /// Nil where frames go by messages from `staging`, which is empty otherwise.
    var xdpTransmit: XDPTransmitQueue?
    /// The socket that messages go by, a second one: those of the ring's would need a description in front.
    let sender: Descriptor
    let staging: UnsafeMutableRawBufferPointer
    let stagedLengths: UnsafeMutablePointer<UInt32>
    var stagedCount = 0

    var counters = Statistics()

    /// For `Epoll.add`: readable when frames have come, `error` when the interface failed (see `consumeFailure`).
    public var number: Int32 { descriptor.number }

    /// Opens a ring on an interface of the calling thread's network namespace.
    public init(interface: String, options: PacketRingOptions = PacketRingOptions()) throws(SystemError) {
        let index = try InterfaceIndex.of(interface)
        let socket = try PacketSocket(interface: interface)
        try socket.configure(options)
        let geometry = RingGeometry(
            frameCapacity: options.frameCapacity, slots: options.receiveSlots, headerSize: try socket.headerSize(),
            pageSize: sysconf(Int32(_SC_PAGESIZE)))
        try socket.makeReceiveRing(geometry)
        let mapping = try MemoryMapping(of: socket.descriptor, byteCount: geometry.byteCount, object: interface)
        // Bound last: no frame may arrive before the options hold.
        try socket.bind(to: Int32(bitPattern: index), promiscuous: options.promiscuous)
        sender = try Self.openSender(on: interface, index: index, options)
        self.interface = interface
        frameCapacity = options.frameCapacity
        transmitSlots = options.transmitSlots
        completesOffloads = options.completesOffloads
        self.geometry = geometry
        self.mapping = mapping
        descriptor = socket.intoDescriptor()
        clockAheadOfRealtime = DomainClock.nanosecondsAheadOfRealtime
        xdpTransmit = try? Self.openXDPTransmitQueue(on: interface, index: index, options)
        let stagedBytes = xdpTransmit == nil ? options.transmitSlots * options.frameCapacity : 0
        unsafe staging = .allocate(byteCount: stagedBytes, alignment: 64)
        unsafe stagedLengths = .allocate(capacity: options.transmitSlots)
    }

    deinit {
        unsafe staging.deallocate()
        unsafe stagedLengths.deallocate()
    }

    private static func openSender(
        on interface: String, index: UInt32, _ options: PacketRingOptions
    ) throws(SystemError) -> Descriptor {
        let socket = try PacketSocket(interface: interface)
        try socket.configureForSending(bypassesQueueingDiscipline: options.bypassesQueueingDiscipline)
        try socket.bind(to: Int32(bitPattern: index), promiscuous: false, receiving: false)
        return socket.intoDescriptor()
    }

    private static func openXDPTransmitQueue(
        on interface: String, index: UInt32, _ options: PacketRingOptions
    ) throws(SystemError) -> XDPTransmitQueue? {
        guard options.transmission == .fastest, options.frameCapacity <= XDPTransmitQueue.largestFrame else {
            return nil
        }
        // The kernel lets go of an interface a moment after the socket that had it has closed: a switch that is started
        // again would otherwise find its predecessor there.
        for _ in 0..<10 {
            do throws(SystemError) {
                return try XDPTransmitQueue(
                    interface: interface, index: index, frameCapacity: options.frameCapacity,
                    slots: options.transmitSlots.roundedUpToPowerOfTwo)
            } catch  where error.errno == .busy {
                Pause.microseconds(5000)
            }
        }
        return nil
    }

    /// Sends what is staged and lets go of the interface's AF_XDP queue, so that another ring can have it. Only `receive`
    /// may be called after this.
    public mutating func endSending() {
        flush()
        xdpTransmit = nil
    }

    /// Whether frames are sent by AF_XDP.
    public var sendsByXDP: Bool { xdpTransmit != nil }

    /// The interface's failure since the last call, if there was one. A failure makes the descriptor report `error` until it
    /// is consumed: a loop that does not call this spins.
    public mutating func consumeFailure() -> LinkFailure? {
        var errno: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &errno, &size)
        guard errno != 0 else { return nil }
        // An interface that is deleted is reported as one that is down.
        return currentFailure ?? LinkFailure(Errno(rawValue: errno))
    }

    /// Why the interface passes no frames now; nil if it is up.
    public var currentFailure: LinkFailure? {
        var flags: UInt32 = 0
        guard unsafe p4ni_interface_flags(descriptor.number, interface, &flags) == 0 else {
            return LinkFailure(.current)
        }
        return flags & UInt32(IFF_UP) == 0 ? .down : nil
    }
}

extension PacketRing {
    /// Frames since the ring was opened.
    public struct Statistics: Equatable, Sendable {
        /// Frames that were handed over.
        public var received: UInt64 = 0
        /// Arrived longer than `frameCapacity` and were handed over cut.
        public var receivedCut: UInt64 = 0
        /// Arrived while all slots were full.
        public var receiveDrops: UInt64 = 0
        /// Frames whose sender had left the checksum to its network card, and got it here.
        public var checksumsFinished: UInt64 = 0
        /// Frames of many packets (TSO, UDP GSO) that were cut into these.
        public var segmented: UInt64 = 0
        /// Frames that the kernel took.
        public var sent: UInt64 = 0
        /// Not taken by the kernel: interface or socket buffer busy, interface down, or longer than its MTU.
        public var sendDrops: UInt64 = 0
    }

    /// Statistics with the kernel's drop count brought up to now.
    public mutating func statistics() -> Statistics {
        var kernel = tpacket_stats()
        var size = socklen_t(MemoryLayout<tpacket_stats>.size)
        // Reading sets the kernel's counters to zero.
        if unsafe getsockopt(descriptor.number, SOL_PACKET, PACKET_STATISTICS, &kernel, &size) == 0 {
            counters.receiveDrops += UInt64(kernel.tp_drops)
        }
        return counters
    }
}
