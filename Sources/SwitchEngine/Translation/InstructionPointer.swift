// SPDX-License-Identifier: Apache-2.0

/// An operation where it lies in the code; its operands are read when they are asked for.
@safe
struct InstructionPointer: @unchecked Sendable {
    private let place: UnsafePointer<Operation>

    @inline(__always)
    init(_ place: UnsafePointer<Operation>) { unsafe self.place = place }

    @inline(__always) var code: Operation.Code { unsafe place.pointee.code }
    @inline(__always) var n: Int { unsafe Int(place.pointee.n) }
    @inline(__always) var a: UInt16 { unsafe place.pointee.a }
    @inline(__always) var b: UInt16 { unsafe place.pointee.b }
    @inline(__always) var c: UInt16 { unsafe place.pointee.c }
    @inline(__always) var d: UInt32 { unsafe place.pointee.d }
    /// The parts of a place.
    @inline(__always) var byteOffset: Int { unsafe Int(raw.load(fromByteOffset: 8, as: UInt16.self)) }
    @inline(__always) var bitOffset: UInt64 { unsafe UInt64(raw.load(fromByteOffset: 10, as: UInt8.self)) }
    @inline(__always) var rest: UInt64 { unsafe UInt64(raw.load(fromByteOffset: 11, as: UInt8.self)) }
    /// `d` in the low bits and `e` in the high ones.
    @inline(__always) var long: UInt64 { unsafe raw.load(fromByteOffset: 8, as: UInt64.self) }
    private var raw: UnsafeRawPointer { unsafe UnsafeRawPointer(place) }
    /// All ones in the low `n` bits.
    @inline(__always) var mask: UInt64 { .max &>> UInt64(truncatingIfNeeded: 64 &- n) }

    /// The operation `count` after this one.
    @inline(__always)
    func following(_ count: Int) -> InstructionPointer { unsafe InstructionPointer(place + count) }

    @inline(__always)
    func advanced(by bytes: Int) -> InstructionPointer {
        unsafe InstructionPointer((UnsafeRawPointer(place) + bytes).assumingMemoryBound(to: Operation.self))
    }

    /// Where a branch leads.
    @inline(__always) var target: InstructionPointer {
        unsafe advanced(by: Int(Int32(bitPattern: place.pointee.e)))
    }
    /// The part of the pipeline after the one that an `enter` begins.
    @inline(__always) var next: InstructionPointer { advanced(by: Int(Int32(bitPattern: d))) }
}
