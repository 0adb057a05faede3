// SPDX-License-Identifier: Apache-2.0

/// A program, map or link that several hold, by name in a dictionary for instance. It is let go of when the last does.
public final class Held<Value: ~Copyable & Sendable>: Sendable {
    public let value: Value

    public init(_ value: consuming Value) { self.value = value }
}
