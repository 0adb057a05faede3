// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The frames that the kernel withholds from a ring, before they occupy a slot.
///
/// Each of several rings on one interface gets every frame. While its thread does not run, frames for the other rings
/// fill a ring, and its own frames find no free slot: each ring should refuse frames that are not its own.
public struct FrameFilter: Sendable, Hashable {
    /// Two bytes in network order.
    public struct Field: Sendable, Hashable {
        /// From the frame's start, a VLAN tag that the kernel took out not counted.
        public var offset: Int
        /// The two bytes as a number.
        public var values: ClosedRange<UInt16>

        /// - Parameter offset: 0 to 65535.
        public init(at offset: Int, _ values: ClosedRange<UInt16>) {
            precondition((0...0xffff).contains(offset), "a frame has up to 64 KiB")
            self.offset = offset
            self.values = values
        }

        /// The field has exactly this value.
        public init(at offset: Int, _ value: UInt16) { self.init(at: offset, value...value) }
    }

    /// A frame is refused if all fields of one of these have one of their values. One that ends before a field has
    /// none.
    public var refused: [[Field]]

    /// - Parameter refused: at most 24 combinations of at most 32 fields.
    public init(refusing refused: [[Field]]) {
        // A classic program's branches reach 255 instructions; it has up to 4,096.
        precondition(refused.allSatisfy { $0.count <= 32 } && refused.count <= 24, "a filter of that size")
        self.refused = refused
    }

    /// As a classic BPF program.
    var program: [sock_filter] {
        var program: [sock_filter] = []
        for fields in refused {
            // After the last instruction of this combination, where the program goes on if a field does not match.
            let next = program.count + fields.count * 5 + 1
            for field in fields {
                program.append(Instruction.length)
                program.append(Instruction.unless(atLeast: field.offset + 2, from: program.count, to: next))
                program.append(Instruction.load(field.offset))
                program.append(Instruction.unless(atLeast: Int(field.values.lowerBound), from: program.count, to: next))
                program.append(Instruction.when(above: Int(field.values.upperBound), from: program.count, to: next))
            }
            program.append(Instruction.end(taking: 0))
        }
        return program + [Instruction.end(taking: .max)]
    }

    private enum Instruction {
        /// A = the frame's length.
        static let length = sock_filter(code: 0x80, jt: 0, jf: 0, k: 0)

        /// A = two bytes of the frame.
        static func load(_ offset: Int) -> sock_filter { sock_filter(code: 0x28, jt: 0, jf: 0, k: UInt32(offset)) }

        static func unless(atLeast value: Int, from place: Int, to next: Int) -> sock_filter {
            sock_filter(code: 0x35, jt: 0, jf: UInt8(next - place - 1), k: UInt32(value))
        }

        static func when(above value: Int, from place: Int, to next: Int) -> sock_filter {
            sock_filter(code: 0x25, jt: UInt8(next - place - 1), jf: 0, k: UInt32(value))
        }

        /// Hands over the first `count` bytes of the frame; 0: refuses it.
        static func end(taking count: UInt32) -> sock_filter { sock_filter(code: 0x06, jt: 0, jf: 0, k: count) }
    }
}
