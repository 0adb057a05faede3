// SPDX-License-Identifier: Apache-2.0

/// A program after preprocessing: the declarations of all its files in order.
struct Program: Sendable {
    let declarations: [Declaration]
    /// One more than the greatest `NodeID` in the tree.
    let nodeCount: Int
}
