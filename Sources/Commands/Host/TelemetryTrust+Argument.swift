// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import HostAgent

extension TelemetryTrust: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
