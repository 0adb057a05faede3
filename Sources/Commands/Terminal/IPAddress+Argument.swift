// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import ArgumentParser

extension IPAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
    public var defaultValueDescription: String { description }
}
