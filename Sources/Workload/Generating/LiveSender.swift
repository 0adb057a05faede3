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
    /// Frames that the kernel has made.
    public private(set) var sent: UInt64 = 0
    /// Always 0: the kernel does not report frames that the driver drops.
    public let refused: UInt64 = 0

    /// The interface is looked for in the network namespace of the calling thread, from which `send` must be called
    /// too.
    public init(interface: String, frame: LoadFrame) throws {
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
        try file.setInitialValue(of: ".rodata.generation", to: generation)
        program = try file.load().program(named: "p4ni_generate")
        self.frame = frame
    }

    /// Has the kernel make and send the next frames.
    public func send(_ count: Int) throws {
        guard count > 0 else { return }
        try program.runLive(frame.bytes, count: Int32(clamping: count))
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
