// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LinuxSystem

/// Where the files that come with the binary are: `p4/` and `topologies/`.
///
/// A checkout is found from the current directory or from the executable (`.build/release/p4netintel`)
/// upwards; an installed tree at `../share/p4netintel` of the executable. `P4NETINTEL_HOME` overrides both.
struct Installation {
    /// The directory that holds `p4/` and `topologies/`.
    let home: String
    /// This very binary, for the processes that a lab starts.
    let executable: String

    static func find() throws -> Installation {
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var candidates: [String] = []
        if let home = ProcessInfo.processInfo.environment["P4NETINTEL_HOME"] {
            guard isHome(home) else {
                throw CommandError("P4NETINTEL_HOME is '\(home)', where there is no p4/include/core.p4")
            }
            return Installation(home: home, executable: executable)
        }
        candidates += ancestors(of: FileManager.default.currentDirectoryPath)
        candidates += ancestors(of: executable)
        candidates.append(parent(of: parent(of: executable)) + "/share/p4netintel")
        guard let home = candidates.first(where: isHome) else {
            throw CommandError(
                "cannot find p4/include/core.p4 from \(FileManager.default.currentDirectoryPath) or \(executable) upwards;"
                    + " set P4NETINTEL_HOME to the directory that holds p4/ and topologies/")
        }
        return Installation(home: home, executable: executable)
    }

    var programs: String { home + "/p4" }
    var includeDirectory: String { programs + "/include" }
    var program: String { programs + "/INT.p4" }

    /// Lets the commands that a lab runs call this binary by its name.
    func addToPath() {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
        ProcessEnvironment.set("PATH", to: "\(Self.parent(of: executable)):\(path)")
    }

    /// The file of a topology given by path or, for one that ships with the project, by name.
    func topology(_ nameOrPath: String) throws -> String {
        let shipped = "\(home)/topologies/\(nameOrPath).json"
        for path in [nameOrPath, shipped] where FileManager.default.fileExists(atPath: path) && path.hasSuffix(".json")
        {
            return path
        }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: home + "/topologies")) ?? [])
            .filter { $0.hasSuffix(".json") }.map { $0.dropLast(5) }.sorted().joined(separator: ", ")
        throw CommandError("there is no topology '\(nameOrPath)'; give a .json file or one of: \(names)")
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

/// Why a verb could not do its work, in words for the user.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
