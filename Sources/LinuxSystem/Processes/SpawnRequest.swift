// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A program to start and what it starts with.
public struct SpawnRequest: Sendable {
    /// The other end of one of a program's standard streams.
    public enum Stream: Sendable {
        /// The parent's.
        case inherit
        /// /dev/null.
        case discard
        /// Emptied or made first when written; its position is shared by streams given the same path.
        case file(String)
        /// A descriptor of the caller's, e.g. a pipe's end; it stays the caller's.
        case descriptor(Int32)
    }

    /// Its place among the processes of the session.
    public enum Group: Sendable {
        /// A process group of its own: signals of the terminal do not reach it.
        case own
        /// A session of its own, which outlives the terminal's: for programs that run on after we end.
        case ownSession
        /// The caller's, for a program that uses the terminal.
        case inherited
    }

    /// The first is the program, looked up in PATH unless it has a `/`.
    public var arguments: [String]
    /// nil: the caller's.
    public var environment: [String: String]?
    /// Where the program starts; nil: where the caller is.
    public var workingDirectory: String?
    /// nil: the caller's network namespace.
    public var namespace: NetworkNamespace?
    /// What the program reads.
    public var input: Stream = .discard
    /// Where its output goes.
    public var output: Stream = .inherit
    /// Where its errors go.
    public var errors: Stream = .inherit
    /// The process group of the program.
    public var group: Group = .own
    /// Sent to the program when the *thread* that spawned it ends (PR_SET_PDEATHSIG): only for threads that last.
    public var deathSignal: Signal?

    /// - Parameters:
    ///   - arguments: the program, which is looked up in PATH, and its arguments.
    ///   - namespace: nil: the caller's network namespace.
    public init(_ arguments: [String], in namespace: NetworkNamespace? = nil) {
        self.arguments = arguments
        self.namespace = namespace
    }
}

extension SpawnRequest {
    /// - Returns: the process's number.
    func start(_ program: String) throws(SystemError) -> Int32 {
        let streams = try OpenStreams(self)
        let variables = (environment ?? Self.environmentOfCaller()).map { "\($0.key)=\($0.value)" }
        var id: Int32 = 0
        var failed = P4NI_SPAWN_FORK
        let result = unsafe CStrings.with(arguments) { arguments in
            unsafe CStrings.with(variables) { variables in
                unsafe CStrings.with(workingDirectory.map { [$0] } ?? []) { directory in
                    var request = unsafe p4ni_spawn_request(
                        arguments: arguments, environment: variables, directory: directory[0],
                        streams: streams.numbers, namespace_fd: streams.namespace,
                        death_signal: deathSignal?.rawValue ?? 0, own_session: group == .ownSession ? 1 : 0,
                        keep_group: group == .inherited ? 1 : 0)
                    return unsafe p4ni_spawn(&request, &id, &failed)
                }
            }
        }
        let errno = Errno.current
        _ = consume streams
        guard result == 0 else { throw SystemError(call: failed.call, errno: errno, object: program) }
        return id
    }

    /// The variables we were started with.
    public static func environmentOfCaller() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let parts = unsafe String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            unsafe entry += 1
        }
        return variables
    }
}

extension p4ni_spawn_step {
    fileprivate var call: String {
        switch self {
        case P4NI_SPAWN_NAMESPACE: "setns for"
        case P4NI_SPAWN_DIRECTORY: "chdir for"
        case P4NI_SPAWN_STREAMS: "dup2 for"
        case P4NI_SPAWN_EXECUTE: "execute"
        default: "fork for"
        }
    }
}

/// The descriptors a request needs; those opened for it are closed with this value, after the child has its own.
private struct OpenStreams: ~Copyable {
    let numbers: (Int32, Int32, Int32)
    /// -1: the caller's.
    let namespace: Int32
    private let entered: Descriptor?
    private let input: Descriptor?
    private let output: Descriptor?
    private let errors: Descriptor?

    init(_ request: SpawnRequest) throws(SystemError) {
        let input = try Self.open(request.input, flags: O_RDONLY)
        let writing = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        let output = try Self.open(request.output, flags: writing)
        // Both in one file: the second opening must not empty it.
        var together = false
        if case .file(let path) = request.errors, case .file(path) = request.output { together = true }
        let errors = try Self.open(request.errors, flags: together ? writing & ~O_TRUNC : writing)
        let entered = try request.namespace?.open()
        numbers = (
            Self.number(of: request.input, input, standard: 0), Self.number(of: request.output, output, standard: 1),
            Self.number(of: request.errors, errors, standard: 2)
        )
        namespace = Self.number(of: .inherit, entered, standard: -1)
        self.input = input
        self.output = output
        self.errors = errors
        self.entered = entered
    }

    private static func open(_ stream: SpawnRequest.Stream, flags: Int32) throws(SystemError) -> Descriptor? {
        switch stream {
        case .inherit, .descriptor: nil
        case .discard: try Descriptor.open("/dev/null", flags: O_RDWR)
        case .file(let path): try Descriptor.open(path, flags: flags)
        }
    }

    private static func number(of stream: SpawnRequest.Stream, _ opened: borrowing Descriptor?, standard: Int32)
        -> Int32
    {
        if case .descriptor(let number) = stream { return number }
        switch opened {
        case .some(let descriptor): return descriptor.number
        case .none: return standard
        }
    }
}

/// Strings as C's NULL-terminated array of pointers.
private enum CStrings {
    static func with<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress.unsafelyUnwrapped) }
    }
}

/// This process's environment, as the programs it starts inherit it.
public enum ProcessEnvironment {
    /// To be called before there is a second thread.
    public static func set(_ name: String, to value: String) {
        unsafe _ = setenv(name, value, 1)
    }
}
