// SPDX-License-Identifier: Apache-2.0

/// Identifies one node of one program's tree: passes hang types and values on it in dictionaries or arrays.
///
/// Ids are dense from 0 and shared by expressions, types, statements and declarations; `Program.nodeCount`
/// is one more than the greatest.
struct NodeID: Hashable, Sendable {
    let index: UInt32
}

/// Hands out the ids of one tree. Passes that add nodes continue from `Program.nodeCount`.
struct NodeCounter {
    private(set) var next: UInt32

    init(startingAt next: UInt32 = 0) { self.next = next }

    mutating func make() -> NodeID {
        defer { next += 1 }
        return NodeID(index: next)
    }
}
