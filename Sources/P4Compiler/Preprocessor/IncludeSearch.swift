// SPDX-License-Identifier: Apache-2.0

/// Gives the bytes of a path, or nil if there is no such file. Tests hand in a dictionary, the command line the disk.
typealias SourceLoader = (_ path: String) -> [UInt8]?

/// Where a program and what it includes come from, and what is defined before its first line.
struct ProgramSource {
    /// The program's own file, as the loader knows it and messages name it.
    let file: String
    let loader: SourceLoader
    /// `NAME` or `NAME=VALUE`, as after `-D`.
    var defines: [String] = []
    /// As after `-U`; applied after `defines`.
    var undefines: [String] = []
    /// Searched in order, as after `-I`.
    var includeDirectories: [String] = []
    /// The folder of `core.p4` and `v1model.p4`, searched last.
    var systemIncludeDirectory: String?

    /// Finds an included file: beside the including one (unless `isSystem`), then `-I`, then the system's folder.
    func find(_ name: String, isSystem: Bool, from includer: String) -> (path: String, bytes: [UInt8])? {
        if name.hasPrefix("/") { return loader(name).map { (name, $0) } }
        var folders = includeDirectories
        if !isSystem { folders.insert(Self.folder(of: includer), at: 0) }
        if let systemIncludeDirectory { folders.append(systemIncludeDirectory) }
        for folder in folders {
            let path = folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
            if let bytes = loader(path) { return (path, bytes) }
        }
        return nil
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}
