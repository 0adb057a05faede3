// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import HostAgent

extension HostRole: ExpressibleByArgument {}
extension ClientOptions.Sink: ExpressibleByArgument {}
