// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// The file of one hour: an SQLite database that holds everything that its journeys need, so that it can be deleted, or
/// copied, alone.
///
/// | table | a row is |
/// |---|---|
/// | `shape`, `flow`, `path` | an entry of a dictionary; other tables have its number |
/// | `segment` | up to 16,384 journeys of one shape; `sealed` once its columns are in `part` |
/// | `pending` | rows of a segment that is not sealed, as they were committed |
/// | `part` | one column of one sealed segment; its id is the column's number times 2^32 plus the segment's |
/// | `slow`, `incomplete` | of a sealed segment, the 100 journeys that took longest, and the incomplete ones |
enum HourFile {
    /// `P4NI`.
    private static let applicationID = 0x5034_4E49
    /// The version of the tables.
    static let version = 1
    static let suffix = ".p4ni"

    static func name(ofHour hour: UInt32) -> String { "\(hour)\(suffix)" }

    static func hour(ofName name: String) -> UInt32? {
        name.hasSuffix(suffix) ? UInt32(name.dropLast(suffix.count)) : nil
    }

    /// Opens the file for writing, and makes its tables if they are missing.
    static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            try database.execute(
                sql: "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { database in
            let found = try requireKnownVersion(database, path)
            if found == 0 { try createTables(database) }
        }
        return queue
    }

    /// Opens the file for reading, while another process may write to it.
    static func openForReading(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        _ = try queue.read { try requireKnownVersion($0, path) }
        return queue
    }

    /// The row of `part` with a column of a segment: a column's parts lie together.
    static func part(_ column: Int, of segment: UInt32) -> Int64 { Int64(column) << 32 | Int64(segment) }

    private static func requireKnownVersion(_ database: Database, _ path: String) throws -> Int {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else {
            throw StoreError(
                .newerFormat,
                "\(path) has format \(found): this version of p4netintel knows formats up to \(version); use a later one"
            )
        }
        return found
    }

    private static func createTables(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                CREATE TABLE shape (id INTEGER PRIMARY KEY, definition TEXT NOT NULL UNIQUE);
                CREATE TABLE flow (
                    id INTEGER PRIMARY KEY, source TEXT NOT NULL, destination TEXT NOT NULL, protocol INTEGER NOT NULL,
                    source_port INTEGER, destination_port INTEGER);
                CREATE TABLE path (id INTEGER PRIMARY KEY, hops TEXT NOT NULL);
                CREATE TABLE segment (
                    id INTEGER PRIMARY KEY, shape INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
                    rows INTEGER NOT NULL, slowest INTEGER NOT NULL, sealed INTEGER NOT NULL);
                CREATE TABLE pending (
                    segment INTEGER NOT NULL, start INTEGER NOT NULL, rows INTEGER NOT NULL, data BLOB NOT NULL,
                    PRIMARY KEY (segment, start)) WITHOUT ROWID;
                CREATE TABLE part (
                    id INTEGER PRIMARY KEY, least INTEGER NOT NULL, width INTEGER NOT NULL, compressed INTEGER NOT NULL,
                    data BLOB NOT NULL);
                CREATE TABLE slow (
                    segment INTEGER NOT NULL, duration INTEGER NOT NULL, row INTEGER NOT NULL,
                    PRIMARY KEY (segment, row)) WITHOUT ROWID;
                CREATE TABLE incomplete (
                    segment INTEGER NOT NULL, row INTEGER NOT NULL, missing INTEGER NOT NULL,
                    PRIMARY KEY (segment, row)) WITHOUT ROWID;
                """)
    }
}
