// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// An error number of the kernel, compared by its constants: `catch let e where e.errno == .noDevice`.
public struct Errno: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: Int32

    /// The error of this number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The calling thread's error number: read at once after the call that failed, before anything else can set it.
    static var current: Errno { Errno(rawValue: Glibc.errno) }

    /// EPERM
    public static let notPermitted = Errno(rawValue: EPERM)
    /// ENOENT
    public static let noEntry = Errno(rawValue: ENOENT)
    /// E2BIG
    public static let argumentListTooLong = Errno(rawValue: E2BIG)
    /// ENOSYS
    public static let noSystemCall = Errno(rawValue: ENOSYS)
    /// ESRCH
    public static let noProcess = Errno(rawValue: ESRCH)
    /// EINTR
    public static let interrupted = Errno(rawValue: EINTR)
    /// ENXIO
    public static let noDeviceOrAddress = Errno(rawValue: ENXIO)
    /// EAGAIN
    public static let wouldBlock = Errno(rawValue: EAGAIN)
    /// EACCES
    public static let accessDenied = Errno(rawValue: EACCES)
    /// EBUSY
    public static let busy = Errno(rawValue: EBUSY)
    /// EEXIST
    public static let exists = Errno(rawValue: EEXIST)
    /// ENODEV
    public static let noDevice = Errno(rawValue: ENODEV)
    /// EINVAL
    public static let invalidArgument = Errno(rawValue: EINVAL)
    /// EBADMSG
    public static let badMessage = Errno(rawValue: EBADMSG)
    /// EPIPE
    public static let brokenPipe = Errno(rawValue: EPIPE)
    /// EMSGSIZE
    public static let messageTooLong = Errno(rawValue: EMSGSIZE)
    /// EOPNOTSUPP
    public static let notSupported = Errno(rawValue: EOPNOTSUPP)
    /// EADDRINUSE
    public static let addressInUse = Errno(rawValue: EADDRINUSE)
    /// ENETDOWN
    public static let networkDown = Errno(rawValue: ENETDOWN)
    /// ENOBUFS
    public static let noBuffers = Errno(rawValue: ENOBUFS)
    /// ETIMEDOUT
    public static let timedOut = Errno(rawValue: ETIMEDOUT)
    /// EINPROGRESS
    public static let inProgress = Errno(rawValue: EINPROGRESS)
    /// ECONNRESET
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    /// EADDRNOTAVAIL
    public static let addressNotAvailable = Errno(rawValue: EADDRNOTAVAIL)
    /// ECONNREFUSED
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
