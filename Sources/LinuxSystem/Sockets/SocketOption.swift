// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import CLinux
internal import Glibc

/// Calls that sockets of every kind share.
extension Descriptor {
    /// A socket of the endpoint's family, in the network namespace of the calling thread.
    static func socket(_ type: __socket_type, for endpoint: Int32, blocks: Bool) throws(SystemError) -> Descriptor {
        let flags = type.rawValue | SOCK_CLOEXEC.rawValue | (blocks ? 0 : SOCK_NONBLOCK.rawValue)
        let call = endpoint == AF_INET6 ? "socket AF_INET6" : "socket AF_INET"
        let number = try SystemCall.run(call) { Glibc.socket(endpoint, Int32(flags), 0) }
        let descriptor = Descriptor(owning: number)
        if endpoint == AF_INET6 {
            try descriptor.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 1, call: "setsockopt IPV6_V6ONLY")
        }
        return descriptor
    }

    borrowing func setOption(
        _ level: Int32, _ option: Int32, to value: Int32, call: String
    ) throws(SystemError) {
        let number = number
        var value = value
        try SystemCall.run(call) {
            unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    borrowing func bindSocket(to endpoint: Endpoint) throws(SystemError) {
        let number = number
        var raw = endpoint.raw
        try SystemCall.run("bind", on: "\(endpoint)") { unsafe p4ni_bind(number, &raw) }
    }

    borrowing func connectSocket(to endpoint: Endpoint) throws(SystemError) {
        let number = number
        var raw = endpoint.raw
        try SystemCall.run("connect", on: "\(endpoint)") { unsafe p4ni_connect(number, &raw) }
    }

    /// The address the socket is bound to, e.g. to learn which port was chosen.
    borrowing func localEndpoint() throws(SystemError) -> Endpoint {
        let number = number
        var raw = p4ni_endpoint()
        try SystemCall.run("getsockname") { unsafe p4ni_local_endpoint(number, &raw) }
        return Endpoint(raw)
    }
}
