// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// An error number of the kernel, compared by its constants: `catch let e where e.errno == .noDevice`.
public struct Errno: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The calling thread's error number: read at once after the call that failed, before anything else can set it.
    static var current: Errno { Errno(rawValue: Glibc.errno) }

    public static let notPermitted = Errno(rawValue: EPERM)
    public static let noEntry = Errno(rawValue: ENOENT)
    public static let argumentListTooLong = Errno(rawValue: E2BIG)
    public static let noSystemCall = Errno(rawValue: ENOSYS)
    public static let noProcess = Errno(rawValue: ESRCH)
    public static let interrupted = Errno(rawValue: EINTR)
    public static let noDeviceOrAddress = Errno(rawValue: ENXIO)
    public static let wouldBlock = Errno(rawValue: EAGAIN)
    public static let accessDenied = Errno(rawValue: EACCES)
    public static let busy = Errno(rawValue: EBUSY)
    public static let exists = Errno(rawValue: EEXIST)
    public static let noDevice = Errno(rawValue: ENODEV)
    public static let invalidArgument = Errno(rawValue: EINVAL)
    public static let badMessage = Errno(rawValue: EBADMSG)
    public static let brokenPipe = Errno(rawValue: EPIPE)
    public static let messageTooLong = Errno(rawValue: EMSGSIZE)
    public static let notSupported = Errno(rawValue: EOPNOTSUPP)
    public static let addressInUse = Errno(rawValue: EADDRINUSE)
    public static let networkDown = Errno(rawValue: ENETDOWN)
    public static let noBuffers = Errno(rawValue: ENOBUFS)
    public static let timedOut = Errno(rawValue: ETIMEDOUT)
    public static let inProgress = Errno(rawValue: EINPROGRESS)
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    public static let addressNotAvailable = Errno(rawValue: EADDRNOTAVAIL)
    public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
}

extension Errno: CustomStringConvertible {
    /// `ENODEV`, or `errno 999` for a number without a name.
    public var name: String {
        guard let name = unsafe p4ni_errno_name(rawValue) else { return "errno \(rawValue)" }
        return unsafe String(cString: name)
    }

    /// `No such device (ENODEV)`.
    public var description: String {
        guard let text = unsafe strerror(rawValue) else { return name }
        return unsafe "\(String(cString: text)) (\(name))"
    }
}
