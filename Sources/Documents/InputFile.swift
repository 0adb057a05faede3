// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// A file that a person names.
public enum InputFile {
    /// The bytes of a regular file, or of whatever else can be read to an end.
    public static func bytes(of path: String) throws(InputError) -> [UInt8] {
        if let data = FileManager.default.contents(atPath: path) { return Array(data) }
        var isDirectory = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        let reason = !exists ? "no such file" : isDirectory ? "it is a directory" : "permission denied"
        throw InputError("cannot read the file: \(reason)", at: .file(path))
    }

    /// The text of a file in UTF-8.
    public static func text(of path: String) throws(InputError) -> String {
        guard let text = String(validating: try bytes(of: path), as: UTF8.self) else {
            throw InputError("the file is not UTF-8 text", at: .file(path))
        }
        return text
    }
}
