// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Which frames the kernel keeps from a ring, before they take a slot.
///
/// Of several rings on one interface each gets every frame. One whose thread does not run for a while is then filled by
/// what is for the others, and what is for itself finds no slot: each should refuse what is not its own.
public struct FrameFilter: Sendable, Hashable {
    /// Two bytes in network order.
    public struct Field: Sendable, Hashable {
        /// From the frame's start, a VLAN tag that the kernel took out not counted.
        public var offset: Int
        public var values: ClosedRange<UInt16>

        public init(at offset: Int, _ values: ClosedRange<UInt16>) {
            precondition((0...0xffff).contains(offset), "a frame has up to 64 KiB")
            self.offset = offset
            self.values = values
        }

        public init(at offset: Int, _ value: UInt16) { self.init(at: offset, value...value) }
    }

    /// A frame is refused if all fields of one of these have one of their values. One that ends before a field has
    /// none.
    public var refused: [[Field]]

    public init(refusing refused: [[Field]]) {
        // A classic program's branches reach 255 instructions; it has up to 4,096.
        precondition(refused.allSatisfy { $0.count <= 32 } && refused.count <= 24, "a filter of that size")
        self.refused = refused
    }

    /// As a classic BPF program.
    var program: [sock_filter] {
        var program: [sock_filter] = []
        for fields in refused {
            // Behind this one's last instruction: where a field that does not match goes on.
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

        /// Hands over so many bytes of the frame; 0: none.
        static func end(taking count: UInt32) -> sock_filter { sock_filter(code: 0x06, jt: 0, jf: 0, k: count) }
    }
}
