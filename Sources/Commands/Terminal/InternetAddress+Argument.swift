// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import LinuxSystem

extension InternetAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
    public var defaultValueDescription: String { description }
}

extension NetworkAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
    public var defaultValueDescription: String { description }
}
