// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms
internal import EmbeddedPrograms
internal import LinuxSystem

/// By BPF_PROG_TEST_RUN with live frames: the kernel makes and sends them itself, millions per second.
///
/// The interface's driver must take redirected frames. A veth does once the other end has an XDP program: see
/// `LiveReceiver`. What the driver drops because the other side does not keep up is not reported: count what
/// arrives.
public final class LiveSender: FrameSender {
    private let frame: LoadFrame
    private let program: BPFProgram

    /// Large: each call sets up and takes down memory, which takes some 30 ms.
    public let batch = 1 << 17
    /// Frames per second that the kernel keeps to; nil: as fast as they go.
    public let pace: Double?
    /// Frames that the interface gets together.
    private let together: UInt32
    /// Frames that the kernel has made.
    public private(set) var sent: UInt64 = 0
    /// Always 0: the kernel does not report frames that the driver drops.
    public let refused: UInt64 = 0

    /// Frames per second below which the waits between them are too long to spend in the kernel.
    public static let lowestPace = 20_000.0

    /// The interface is looked for in the network namespace of the calling thread, from which `send` must be called
    /// too.
    ///
    /// Between two frames the kernel waits busily, and does nothing else on this processor while it waits for
    /// `together` of them: hence the lowest pace.
    /// - Parameter pace: frames per second, at least `lowestPace`; nil: as fast as they go.
    public init(interface: String, frame: LoadFrame, pace: Double? = nil) throws {
        precondition(pace.map { $0 >= Self.lowestPace } ?? true, "a pace below \(Self.lowestPace)")
        let index = try InterfaceIndex.of(interface)
        let file = try ObjectFile(named: "p4ni_generator", image: EmbeddedImage.generator.bytes)
        var generation = p4ni_generation()
        generation.interface = index
        if let varying = frame.varying {
            generation.number_offset = UInt32(varying.number)
            generation.port_offset = UInt32(varying.port)
            generation.first_port = UInt32(varying.firstPort)
            generation.flows = UInt32(varying.flows)
        }
        self.pace = pace
        // About 50 us of frames: a burst that any ring has room for.
        together = pace.map { UInt32(min(max($0 / 20_000, 1), 64)) } ?? 64
        generation.interval = pace.map { UInt32((256e9 / $0).rounded()) } ?? 0
        try file.setInitialValue(of: ".rodata.generation", to: generation)
        program = try file.load().program(named: "p4ni_generate")
        self.frame = frame
    }

    /// Has the kernel make and send the next frames.
    public func send(_ count: Int) throws {
        guard count > 0 else { return }
        try program.runLive(frame.bytes, count: Int32(clamping: count), batch: together)
        sent += UInt64(count)
    }
}

/// An XDP program on a veth's end that passes every frame on, for as long as this value lives: without one, live frames
/// from the other end are dropped.
public struct LiveReceiver: ~Copyable {
    private let link: BPFLink

    /// The interface is looked for in the network namespace of the calling thread.
    public init(interface: String) throws {
        let object = try ObjectFile(named: "p4ni_floor", image: EmbeddedImage.floor.bytes).load()
        let program = try object.program(named: "p4ni_xdp_empty")
        link = try BPFLink.attachXDP(program, to: try InterfaceIndex.of(interface), mode: .native)
    }
}
