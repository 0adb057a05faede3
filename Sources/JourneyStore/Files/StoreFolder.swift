// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// The folder of a store, and its hours' files.
struct StoreFolder: Sendable, Hashable {
    /// What SQLite keeps beside a file.
    private static let companions = ["", "-wal", "-shm"]
    let path: String

    init(_ path: String) { self.path = path }

    func file(ofHour hour: UInt32) -> String { "\(path)/\(HourFile.name(ofHour: hour))" }

    /// The hours that have a file, the earliest first.
    var hours: [UInt32] { FileSystem.names(in: path).compactMap(HourFile.hour).sorted() }

    /// Bytes that an hour takes on the disk.
    func size(ofHour hour: UInt32) -> UInt64 {
        Self.companions.reduce(0) { $0 + FileSystem.size(of: file(ofHour: hour) + $1) }
    }

    /// Deletes an hour: its files are unlinked, which works on a full disk too.
    func delete(hour: UInt32) {
        for companion in Self.companions { try? FileSystem.remove(file(ofHour: hour) + companion) }
    }

    /// Makes the folder, but not its parents, if it does not exist.
    func create() throws(StoreError) {
        guard !FileSystem.exists(path) else { return }
        do {
            try FileSystem.makeDirectory(path)
        } catch {
            throw StoreError(.unusable, "cannot make the store \(path): \(error)")
        }
    }

    /// Locks the folder for one writer, until the descriptor is closed.
    func lock() throws(StoreError) -> Descriptor {
        let file: Descriptor
        do {
            file = try Descriptor.open("\(path)/lock", for: .lockFile)
        } catch {
            throw StoreError(.unusable, "cannot write to the store \(path): \(error)")
        }
        guard file.lockIfFree() else {
            throw StoreError(.busy, "another collector writes to the store \(path): end it, or choose another folder")
        }
        return file
    }
}
