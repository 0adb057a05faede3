// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import HostAgent

extension MatchingRule: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension ServerPort: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
