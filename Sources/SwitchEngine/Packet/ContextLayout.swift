// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Where the parts of one packet's memory lie. Every packet has one block; offsets are bytes from its start.
///
///     state     ContextState
///     slots     the frame, constants preloaded
///     headers   HeaderState a header instance
///     homes     UInt32 a header instance: where its own storage lies
///     nexts     UInt32 a header stack
///     zeros     what the fields of a header that is not valid read from
///     storage   the homes: bytes of headers that `setValid` or an assignment made
///     saved     the parsed bytes as they came in, for I2E clones and resubmission; absent if the program has neither
///     packet    the frame; headers that were extracted stay in place here
///
/// `slack` bytes follow, so that a field is read and written as one 64-bit word whatever its place, and an
/// index computed at run time cannot lead out of the block.
struct ContextLayout: Sendable {
    static let slots = aligned(MemoryLayout<ContextState>.size)
    let headers: Int
    let homes: Int
    let nexts: Int
    let zeros: UInt32
    let storage: Int
    let saved: Int
    let packet: Int
    let size: Int
    let packetCapacity: Int
    /// The offset within the block of each header's own storage.
    let initialHomes: [UInt32]

    init(program: SwitchProgram, keepsOriginal: Bool, maxFrameBytes: Int) {
        let largest = program.headers.map(\.maxBytes).max() ?? 0
        let slack = largest + 16
        var offset = Self.slots + program.frame.slotCount * 8
        headers = offset
        offset += program.headers.count * MemoryLayout<HeaderState>.stride
        homes = offset
        offset = Self.aligned(offset + program.headers.count * 4)
        nexts = offset
        offset = Self.aligned(offset + program.stacks.count * 4)
        zeros = UInt32(offset)
        offset += Self.aligned(slack)
        storage = offset
        var homes: [UInt32] = []
        for header in program.headers {
            homes.append(UInt32(offset))
            offset += Self.aligned(header.maxBytes + 9)
        }
        initialHomes = homes
        saved = offset
        if keepsOriginal { offset += Self.aligned(maxFrameBytes) }
        packet = offset
        packetCapacity = maxFrameBytes
        size = Self.aligned(offset + maxFrameBytes + slack)
    }

    /// Blocks and their parts start at multiples of 16.
    private static func aligned(_ value: Int) -> Int { (value + 15) & ~15 }
}
