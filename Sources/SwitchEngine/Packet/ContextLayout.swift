// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Where the parts of one packet's memory lie. Every packet has one block; offsets are bytes from its first slot.
///
///     state     ContextState, before the first slot
///     slots     the frame, constants preloaded
///     headers   a HeaderState per header instance
///     homes     a UInt32 per header instance: where its own storage lies
///     nexts     a UInt32 per header stack
///     zeros     what the fields of a header that is not valid read from
///     storage   the homes: bytes of headers that `setValid` or an assignment made
///     saved     the parsed bytes as they came in, for I2E clones and resubmission; absent if the program has neither
///     packet    the frame; headers that were extracted stay in place here
///
/// Slots and header states are 8 bytes each and form one row of *cells* that begins at offset 0: an operation names
/// either by its number in that row, and the loop needs one base register for both. `slack` bytes follow the packet, so
/// that a field is read and written as one 64-bit word whatever its place, and an index computed at run time cannot lead
/// out of the block.
struct ContextLayout: Sendable {
    /// Cells that an operation's 16-bit operands can name.
    static let maxCells = 1 << 16
    /// Bytes before the first slot.
    static let state = aligned(MemoryLayout<ContextState>.size)
    /// The cell of the first header's state.
    let firstHeader: Int
    let headers: Int
    let homes: Int
    let nexts: Int
    let zeros: UInt32
    let storage: Int
    let saved: Int
    let packet: Int
    /// Bytes of a block, the state before its first slot included.
    let size: Int
    let packetCapacity: Int
    /// The offset within the block of each header's own storage.
    let initialHomes: [UInt32]

    init(program: SwitchProgram, keepsOriginal: Bool, maxFrameBytes: Int) {
        let largest = program.headers.map(\.maxBytes).max() ?? 0
        let slack = largest + 16
        firstHeader = program.frame.slotCount
        headers = firstHeader * 8
        var offset = headers + program.headers.count * MemoryLayout<HeaderState>.stride
        homes = offset
        offset += program.headers.count * 4
        nexts = offset
        offset = Self.aligned(offset + program.stacks.count * 4)
        zeros = UInt32(offset)
        offset += Self.aligned(slack)
        storage = offset
        var homes: [UInt32] = []
        for header in program.headers {
            homes.append(UInt32(offset))
            offset += (header.maxBytes + 9 + 15) & ~15
        }
        initialHomes = homes
        offset = Self.aligned(offset)
        saved = offset
        if keepsOriginal { offset += Self.aligned(maxFrameBytes) }
        packet = offset
        packetCapacity = maxFrameBytes
        size = Self.aligned(Self.state + offset + maxFrameBytes + slack)
    }

    /// The cell of a header's state.
    func cell(ofHeader header: UInt16) -> UInt16 { UInt16(firstHeader + Int(header)) }

    /// Blocks and their larger parts start at cache lines.
    private static func aligned(_ value: Int) -> Int { (value + 63) & ~63 }
}
