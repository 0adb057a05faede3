// SPDX-License-Identifier: Apache-2.0

import BigInt

/// An integer literal: `10`, `0xFF`, `8w255`, `4s0b111`.
struct IntegerLiteral: Hashable, Sendable {
    /// What a width prefix says: `8w` is `bit<8>`, `8s` is `int<8>`.
    struct Prefix: Hashable, Sendable {
        let width: Int
        let isSigned: Bool
    }

    /// The digits' value, never negative and not yet cut to the prefix's width.
    let value: BigInt
    let prefix: Prefix?
    /// 2, 8, 10 or 16, for messages and printing.
    let base: Int
}
