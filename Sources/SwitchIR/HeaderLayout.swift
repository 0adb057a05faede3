// SPDX-License-Identifier: Apache-2.0

/// One header instance of the parsed representation: `hdr.ipv4`, or one element of a stack.
///
/// Its index in `SwitchProgram.headers` is what instructions name it by. The last header of every
/// program is a sentinel that is never valid: an index past a stack's end resolves to it, reads give 0
/// and writes go nowhere that matters.
public struct HeaderLayout: Sendable {
    /// The name the control plane and messages use: `hdr.ipv4`, `hdr.hops[3]`.
    public var name: String
    /// In the order in which they are on the wire.
    public var fields: [HeaderField]
    /// Bytes without the varbit field: the bits of all other fields, which P4_16 §8.13 wants whole bytes.
    public var fixedBytes: Int
    /// The most bytes its varbit field may take; 0 when it has none. A varbit is always the last field.
    public var varbitMaxBytes: Int

    /// The most bytes the header takes.
    public var maxBytes: Int { fixedBytes + varbitMaxBytes }

    /// A header instance; `varbitMaxBytes` is 0 without a varbit field.
    public init(name: String, fields: [HeaderField], fixedBytes: Int, varbitMaxBytes: Int = 0) {
        self.name = name
        self.fields = fields
        self.fixedBytes = fixedBytes
        self.varbitMaxBytes = varbitMaxBytes
    }
}

/// A field of a header: bits `bitOffset ..< bitOffset + width` of it, bit 0 being the first on the wire.
public struct HeaderField: Sendable {
    /// The field's name in its header.
    public var name: String
    /// Bits of the header before the field.
    public var bitOffset: Int
    /// Bits of the field.
    public var width: Int
    /// Whether its length is decided when it is extracted; `width` is then the most it may have.
    public var isVarbit: Bool

    /// A field of a header.
    public init(name: String, bitOffset: Int, width: Int, isVarbit: Bool = false) {
        self.name = name
        self.bitOffset = bitOffset
        self.width = width
        self.isVarbit = isVarbit
    }
}

/// A header stack: headers `first ..< first + count`, and a next index that the engine keeps.
public struct HeaderStack: Sendable {
    /// As the source names it: `hdr.hops`.
    public var name: String
    /// Index in `SwitchProgram.headers` of element 0.
    public var first: Int
    /// Elements.
    public var count: Int

    /// A stack whose elements follow each other in `SwitchProgram.headers`.
    public init(name: String, first: Int, count: Int) {
        self.name = name
        self.first = first
        self.count = count
    }
}
