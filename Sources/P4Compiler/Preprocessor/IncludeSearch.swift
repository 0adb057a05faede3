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
    /// Why the loader has no bytes for a path; nil: there is no more to say.
    var reasonUnread: (_ path: String) -> String? = { _ in nil }
    /// A path without `.`, `..` and symbolic links.
    var resolved: (_ path: String) -> String = { $0 }

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

    /// Whether a file is in a folder of the program's own, of `-I` or of the system, or below it. Messages do not show
    /// the text of others: a program of a stranger may name any file that the compiler's user can read.
    func isInside(_ path: String) -> Bool {
        let file = resolved(path)
        let folders = [Self.folder(of: self.file)] + includeDirectories + [systemIncludeDirectory].compactMap { $0 }
        return folders.contains { folder in
            let root = resolved(folder.isEmpty ? "." : folder)
            return file.hasPrefix(root.hasSuffix("/") ? root : root + "/") || (root == "." && !file.hasPrefix("/"))
        }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}
