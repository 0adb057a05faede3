// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Where a value lives while the program runs.
indirect enum Storage {
    /// A scalar: its first slot.
    case slots(Slot)
    case header(HeaderReference)
    /// A field, or part of one, of a header.
    case field(HeaderReference, FieldPlace)
    case varbit(HeaderReference)
    /// A header stack, by its index.
    case stack(Int)
    /// A structure, union or tuple, one a member.
    case members([Storage])
    /// A value known at compile time, of a type that has no storage: `int`, `string`, an object.
    case known(TypedExpression)
    /// An object of an extern that the program declares or is given.
    case object(SwitchObject)
    /// A packet: there is only one.
    case packet
}

/// Bits of a header: `offset ..< offset + width`, the first on the wire being 0.
struct FieldPlace: Hashable {
    var offset: Int
    var width: Int
}

/// A header instance: known, or known by a slot when the program runs.
enum HeaderReference: Hashable {
    case fixed(Int)
    case slot(Slot)
}

/// What a declared object became.
enum SwitchObject {
    case register(Int, width: Int)
    case counter(Int)
    case directCounter(Int)
    case meter(Int)
    /// The colour is put into the slot at every hit of the table.
    case directMeter(Int, Slot)
    case block(BlockInstance)
}

/// A parser or control as an object: the same declaration may have several, each with its own tables.
final class BlockInstance {
    let symbol: BlockSymbol
    /// What its tables and actions have in front of their names.
    let name: String
    /// Parameters of the constructor, and the objects declared inside.
    var known: [Variable: Storage] = [:]
    var objects: [InstanceSymbol: SwitchObject] = [:]
    /// Where parameters live if the object is applied more than once; else they are wherever the arguments are.
    var parameters: [Variable: Storage]?
    var variables: [Variable: Storage] = [:]
    var tables: [TableSymbol: Int] = [:]
    var hasTables = false

    init(symbol: BlockSymbol, name: String) {
        self.symbol = symbol
        self.name = name
    }
}
