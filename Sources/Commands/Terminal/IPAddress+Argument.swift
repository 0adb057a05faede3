// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import ArgumentParser

extension IPAddress: ExpressibleByArgument {
    /// An IPv4 or IPv6 address; nil if the text is neither.
    public init?(argument: String) { self.init(argument) }
    /// The address as help shows it.
    public var defaultValueDescription: String { description }
}
