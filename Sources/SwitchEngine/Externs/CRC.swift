// SPDX-License-Identifier: Apache-2.0

/// Parameters of a cyclic redundancy check of 16 or 32 bits, as the catalogues of CRCs name them.
public struct CRCParameters: Sendable, Hashable {
    /// 16 or 32 bits.
    public var width: Int
    /// Without its highest bit, not reflected.
    public var polynomial: UInt32
    /// The register before the first byte, not reflected.
    public var initial: UInt32
    /// What the result is combined with by exclusive or.
    public var finalXor: UInt32
    /// Whether each byte goes in with its lowest bit first.
    public var reflectsInput: Bool
    /// Whether the register is mirrored at the end.
    public var reflectsOutput: Bool

    /// A check by its catalogue parameters.
    public init(
        width: Int, polynomial: UInt32, initial: UInt32, finalXor: UInt32, reflectsInput: Bool, reflectsOutput: Bool
    ) {
        self.width = width
        self.polynomial = polynomial
        self.initial = initial
        self.finalXor = finalXor
        self.reflectsInput = reflectsInput
        self.reflectsOutput = reflectsOutput
    }

    /// CRC-16/ARC, v1model's crc16.
    public static let crc16 = CRCParameters(
        width: 16, polynomial: 0x8005, initial: 0, finalXor: 0, reflectsInput: true, reflectsOutput: true)
    /// The CRC of Ethernet and zip, v1model's crc32.
    public static let crc32 = CRCParameters(
        width: 32, polynomial: 0x04C1_1DB7, initial: ~0, finalXor: ~0, reflectsInput: true, reflectsOutput: true)
}

/// A check ready to run: a byte at a time through a table of 256.
///
/// With reflected input the register is kept mirrored, so that bytes go in as they are.
struct CRC: ~Copyable {
    private let parameters: CRCParameters
    private let table: OwnedBuffer<UInt32>
    private let mask: UInt32
    let start: UInt32

    init(_ parameters: CRCParameters) {
        self.parameters = parameters
        let width = parameters.width
        mask = width == 32 ? ~0 : (1 << UInt32(width)) - 1
        table = OwnedBuffer(count: 256, repeating: 0)
        for byte in 0..<256 {
            table[byte] =
                parameters.reflectsInput
                ? Self.mirroredEntry(UInt32(byte), Self.mirror(parameters.polynomial, width))
                : Self.plainEntry(UInt32(byte), parameters.polynomial, width) & mask
        }
        let initial = parameters.initial & mask
        start = parameters.reflectsInput ? Self.mirror(initial, width) : initial
    }

    @inline(__always)
    func step(_ state: UInt32, _ byte: UInt8) -> UInt32 {
        if parameters.reflectsInput {
            return table[Int((state ^ UInt32(byte)) & 0xFF)] ^ (state &>> 8)
        }
        let top = (state &>> UInt32(parameters.width &- 8)) ^ UInt32(byte)
        return (table[Int(top & 0xFF)] ^ (state &<< 8)) & mask
    }

    func finish(_ state: UInt32) -> UInt64 {
        let turn = parameters.reflectsInput != parameters.reflectsOutput
        let register = turn ? Self.mirror(state, parameters.width) : state
        return UInt64((register ^ parameters.finalXor) & mask)
    }

    private static func mirroredEntry(_ byte: UInt32, _ polynomial: UInt32) -> UInt32 {
        var value = byte
        for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ polynomial : value >> 1 }
        return value
    }

    private static func plainEntry(_ byte: UInt32, _ polynomial: UInt32, _ width: Int) -> UInt32 {
        var value = byte << UInt32(width - 8)
        let top = UInt32(1) << UInt32(width - 1)
        for _ in 0..<8 { value = value & top != 0 ? (value << 1) ^ polynomial : value << 1 }
        return value
    }

    private static func mirror(_ value: UInt32, _ width: Int) -> UInt32 {
        var result: UInt32 = 0
        for bit in 0..<width where value >> UInt32(bit) & 1 == 1 { result |= 1 << UInt32(width - 1 - bit) }
        return result
    }
}
