// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import ArgumentParser
public import HostAgent
public import Workload

// Types of other modules that options take as they are: an enumeration by its raw values, an address by its text.

extension AttachOptions.Breakdown: ExpressibleByArgument {}
extension ClientOptions.Sink: ExpressibleByArgument {}
extension HostRole: ExpressibleByArgument {}
extension TransportProtocol: ExpressibleByArgument {}

extension IPAddress: ExpressibleByArgument {
    /// An IPv4 or IPv6 address; nil if the text is neither.
    public init?(argument: String) { self.init(argument) }

    /// The address as help shows it.
    public var defaultValueDescription: String { description }
}

extension Endpoint: ExpressibleByArgument {
    /// An address and a port; nil if the text is not that.
    public init?(argument: String) { self.init(argument) }

    /// The endpoint as help shows it.
    public var defaultValueDescription: String { description }
}
