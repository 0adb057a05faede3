// SPDX-License-Identifier: Apache-2.0

public import Documents
internal import FoundationEssentials
internal import LinuxSystem

/// Where the files that ship with the binary are: `p4/`, `topologies/` and `experiments/`.
///
/// A checkout is found from the current directory or from the executable (`.build/release/p4netintel`)
/// upwards; an installed tree at `../share/p4netintel` of the executable. `P4NETINTEL_HOME` overrides both.
public struct Installation: Sendable {
    /// The directory that holds `p4/` and `topologies/`.
    public let home: String
    /// The path of the binary, which a lab starts as switch, server and client.
    public let executable: String

    /// An installation at known places.
    public init(home: String, executable: String) {
        self.home = home
        self.executable = executable
    }

    /// Finds the files of the running binary.
    /// - Throws: `InputError` if no directory holds them.
    public static func find() throws -> Installation {
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var candidates: [String] = []
        if let home = ProcessInfo.processInfo.environment["P4NETINTEL_HOME"] {
            guard isHome(home) else {
                throw InputError("P4NETINTEL_HOME must be a directory with p4/include/core.p4, got '\(home)'")
            }
            return Installation(home: home, executable: executable)
        }
        candidates += ancestors(of: FileManager.default.currentDirectoryPath)
        candidates += ancestors(of: executable)
        candidates.append(parent(of: parent(of: executable)) + "/share/p4netintel")
        guard let home = candidates.first(where: isHome) else {
            throw InputError(
                "cannot find p4/include/core.p4 from \(FileManager.default.currentDirectoryPath) or \(executable) upwards;"
                    + " set P4NETINTEL_HOME to the directory that holds p4/ and topologies/")
        }
        return Installation(home: home, executable: executable)
    }

    /// The directory of the P4 programs.
    public var programs: String { home + "/p4" }
    /// The directory of `core.p4` and `v1model.p4`.
    public var includeDirectory: String { programs + "/include" }
    /// The program that a lab's switches run: `INT.p4`.
    public var program: String { programs + "/INT.p4" }

    /// A P4 source by its path or, if there is no such file, by its path among the files that ship with the binary.
    public func source(_ path: String) -> String {
        let shipped = home + "/" + path
        let isMissing = !path.hasPrefix("/") && !FileManager.default.fileExists(atPath: path)
        return isMissing && FileManager.default.fileExists(atPath: shipped) ? shipped : path
    }

    /// Puts the binary's directory in front of `PATH`, so that commands in a lab find it by its name.
    public func addToPath() {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
        ProcessEnvironment.set("PATH", to: "\(Self.parent(of: executable)):\(path)")
    }

    /// The file of a topology, which is given by its path or, if it ships with the project, by its name.
    /// - Throws: `InputError` if there is no such file.
    public func topology(_ nameOrPath: String) throws(InputError) -> String {
        try file(nameOrPath, kind: "topology", in: "topologies", type: "json")
    }

    /// The names of what ships with the project in a directory, without their type.
    public func names(in directory: String, type: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(home)/\(directory)")) ?? []
        return files.filter { $0.hasSuffix("." + type) }.map { String($0.dropLast(type.count + 1)) }.sorted()
    }

    /// A file of a type by its path or, if it ships with the project, by its name.
    public func file(_ nameOrPath: String, kind: String, in directory: String, type: String) throws(InputError)
        -> String
    {
        let shipped = "\(home)/\(directory)/\(nameOrPath).\(type)"
        for path in [nameOrPath, shipped]
        where FileManager.default.fileExists(atPath: path) && path.hasSuffix("." + type) { return path }
        let names = names(in: directory, type: type).joined(separator: ", ")
        throw InputError("\(kind) must be a .\(type) file or one of \(names), got '\(nameOrPath)'")
    }

    private static func isHome(_ directory: String) -> Bool {
        FileManager.default.fileExists(atPath: directory + "/p4/include/core.p4")
    }

    private static func ancestors(of path: String) -> [String] {
        var result: [String] = []
        var directory = path
        while !directory.isEmpty, directory != "/" {
            result.append(directory)
            directory = parent(of: directory)
        }
        return result
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }
}
