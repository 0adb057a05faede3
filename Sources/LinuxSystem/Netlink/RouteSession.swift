// SPDX-License-Identifier: Apache-2.0

/// The network configuration of one network namespace: links, addresses, neighbours and routes (NETLINK_ROUTE).
public struct RouteSession {
    var netlink: NetlinkSession

    /// A session in the namespace of the calling thread.
    public init() throws(SystemError) {
        self.init(transport: try NetlinkSocket(family: .route))
    }

    /// A session in a named namespace, whichever thread uses it.
    public init(in namespace: NetworkNamespace) throws {
        self = try namespace.perform { try RouteSession() }
    }

    init(transport: any NetlinkTransport) {
        netlink = NetlinkSession(transport: transport)
    }
}
