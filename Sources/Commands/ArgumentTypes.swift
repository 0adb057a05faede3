// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import HostAgent
public import Workload

// Types of other modules that options take as they are: each value is written as its raw value.

extension AttachOptions.Breakdown: ExpressibleByArgument {}
extension ClientOptions.Sink: ExpressibleByArgument {}
extension HostRole: ExpressibleByArgument {}
extension TransportProtocol: ExpressibleByArgument {}
