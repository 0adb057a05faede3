// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem

/// Two destinations in turn, in pairs whose order alternates: neither is first more often, and the requests of both
/// meet the same traffic on a shared path, except for one packet.
final class AlternatingTransport: RequestTransport {
    private let first: DatagramTransport
    private let second: DatagramTransport

    var refusals: Int { first.refusals + second.refusals }
    let disconnections = 0

    init(to destination: Endpoint, and other: Endpoint) throws(SystemError) {
        first = try DatagramTransport(to: destination, token: 0)
        second = try DatagramTransport(to: other, token: 1)
    }

    func join(_ epoll: borrowing Epoll) throws(SystemError) {
        try first.join(epoll)
        try second.join(epoll)
    }

    func send(_ payload: [UInt8], turn: Int, _ epoll: borrowing Epoll) throws(SystemError) -> SendOutcome {
        let takesFirst = turn & 3 == 0 || turn & 3 == 3
        return try (takesFirst ? first : second).send(payload, turn: turn, epoll)
    }

    func receive(
        _ token: UInt64, epoll: borrowing Epoll, _ body: (ArraySlice<UInt8>) -> Void
    ) throws(SystemError) {
        try (token == 0 ? first : second).receive(token, epoll: epoll, body)
    }
}
