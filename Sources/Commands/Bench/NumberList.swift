// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Numbers as one argument with commas: `3,9,18`.
struct NumberList: ExpressibleByArgument {
    let numbers: [Int]

    init(_ numbers: [Int]) { self.numbers = numbers }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard !parts.isEmpty, !parts.contains(nil) else { return nil }
        numbers = parts.compactMap(\.self)
    }

    var defaultValueDescription: String { numbers.map(String.init).joined(separator: ",") }
}
