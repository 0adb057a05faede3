// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// One end of a connection between two processes of this machine that carries messages, not bytes, in order
/// (AF_UNIX, SOCK_SEQPACKET).
public struct LocalSocket: ~Copyable, Sendable {
    /// The longest message. The kernel takes some 200 KB.
    public static let largestMessage = 64 * 1024
    /// Bytes of the longest path (`sun_path` holds one more).
    public static let longestPath = 107

    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// Connects to the `LocalListener` of a path. Its calls wait.
    public init(connectingTo path: String) throws(SystemError) {
        descriptor = Descriptor(owning: try SystemCall.run("connect", on: path) { unsafe p4ni_local_connect(path) })
    }

    fileprivate init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// - Returns: false if a socket that does not block has no room for it now.
    public borrowing func send(_ message: [UInt8]) throws(SystemError) -> Bool {
        let number = descriptor.number
        let sent = try unsafe message.span.withUnsafeBytes { (bytes) throws(SystemError) in
            try SystemCall.runUnlessBlocking("send") {
                unsafe Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
        }
        return sent != nil
    }

    /// A message that is longer than the longest is gone, and `messageTooLong` is thrown.
    /// - Returns: the next message, empty when the other side has ended; nil if a socket that does not block has none.
    public borrowing func receive() throws(SystemError) -> [UInt8]? {
        let number = descriptor.number
        let room = Self.largestMessage
        var bytes = [UInt8](repeating: 0, count: room)
        // With MSG_TRUNC the length is the message's own, cut or not.
        let count = try SystemCall.runUnlessBlocking("recv") {
            unsafe recv(number, &bytes, room, Int32(MSG_TRUNC))
        }
        guard let count else { return nil }
        guard count <= room else {
            throw SystemError(call: "recv", errno: .messageTooLong, detail: "\(count) bytes, \(room) at most")
        }
        bytes.removeLast(room - count)
        return bytes
    }
}

/// Takes connections of local processes at a path, which is gone when this is; only its owner and root can connect.
public struct LocalListener: ~Copyable, Sendable {
    /// Path of the socket's file.
    public let path: String
    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// A socket that another process left there is replaced, unless somebody listens at it.
    public init(at path: String) throws(SystemError) {
        self.path = path
        do throws(SystemError) {
            descriptor = try Self.listen(path)
        } catch {
            guard error.errno == .addressInUse else { throw error }
            guard Self.isAbandoned(path) else { throw Self.taken(path, error) }
            try SystemCall.run("unlink", on: path) { unsafe unlink(path) }
            descriptor = try Self.listen(path)
        }
    }

    deinit { _ = unsafe unlink(path) }

    private static func listen(_ path: String) throws(SystemError) -> Descriptor {
        Descriptor(owning: try SystemCall.run("listen", on: path) { unsafe p4ni_local_listen(path) })
    }

    private static func taken(_ path: String, _ error: SystemError) -> SystemError {
        let detail = "a program listens there (`ss -xlp` shows which), or it is not a socket; choose another path"
        return SystemError(call: error.call, errno: error.errno, object: path, detail: detail)
    }

    /// A file of another kind answers the same as an abandoned socket, and is not ours to remove.
    private static func isAbandoned(_ path: String) -> Bool {
        var information = stat()
        guard unsafe lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFSOCK else { return false }
        do throws(SystemError) {
            _ = try LocalSocket(connectingTo: path)
            return false
        } catch {
            return error.errno == .connectionRefused
        }
    }

    /// - Returns: a connection that does not block; nil if none waits.
    public borrowing func accept() throws(SystemError) -> LocalSocket? {
        let number = descriptor.number
        let connection = try SystemCall.runUnlessBlocking("accept") { p4ni_local_accept(number) }
        return connection.map { LocalSocket(Descriptor(owning: $0)) }
    }
}
