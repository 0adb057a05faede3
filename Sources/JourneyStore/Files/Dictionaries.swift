// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import FoundationEssentials
internal import GRDB
internal import Journeys

/// The dictionaries of an hour's file as its writer keeps them: what has a number, and what is not in the file yet.
struct Dictionaries {
    /// The number of flows, and of paths, beyond what a file keeps of them.
    static let other: Int64 = 0
    /// The most flows of one file. A flow takes about 200 bytes of the writer's memory and 60 of the file.
    static let flowCapacity = 250_000
    /// The most paths of one file.
    static let pathCapacity = 10_000

    private var flows: [Flow: Int64] = [:]
    private var paths: [PathKey: Int64] = [:]
    private var shapes: [JourneyShape: Int64] = [:]
    private var newFlows: [(Int64, Flow)] = []
    private var newPaths: [(Int64, PathKey)] = []
    private var newShapes: [(Int64, JourneyShape)] = []
    /// Journeys of flows and of paths beyond the capacity.
    private(set) var otherFlows: UInt64 = 0
    private(set) var otherPaths: UInt64 = 0

    init() {}

    mutating func number(of flow: Flow) -> Int64 {
        if let known = flows[flow] { return known }
        guard flows.count < Self.flowCapacity else {
            otherFlows += 1
            return Self.other
        }
        let number = Int64(flows.count + 1)
        flows[flow] = number
        newFlows.append((number, flow))
        return number
    }

    mutating func number(of path: PathKey) -> Int64 {
        if let known = paths[path] { return known }
        guard paths.count < Self.pathCapacity else {
            otherPaths += 1
            return Self.other
        }
        let number = Int64(paths.count + 1)
        paths[path] = number
        newPaths.append((number, path))
        return number
    }

    mutating func number(of shape: JourneyShape) -> Int64 {
        if let known = shapes[shape] { return known }
        let number = Int64(shapes.count + 1)
        shapes[shape] = number
        newShapes.append((number, shape))
        return number
    }

    /// Writes what is new; `saved` after the transaction that contains it.
    func save(_ database: Database) throws {
        for (number, flow) in newFlows {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO flow VALUES (?, ?, ?, ?, ?, ?)").execute(
                arguments: [
                    number, "\(flow.source)", "\(flow.destination)", flow.ipProtocol.rawValue,
                    flow.ports?.source.rawValue, flow.ports?.destination.rawValue,
                ])
        }
        for (number, path) in newPaths {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO path VALUES (?, ?)").execute(
                arguments: [number, path.description])
        }
        for (number, shape) in newShapes {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO shape VALUES (?, ?)").execute(
                arguments: [number, try shape.text])
        }
    }

    mutating func saved() {
        newFlows.removeAll(keepingCapacity: true)
        newPaths.removeAll(keepingCapacity: true)
        newShapes.removeAll(keepingCapacity: true)
    }
}

extension Dictionaries {
    /// The dictionaries of a file that exists.
    init(_ database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT * FROM flow") {
            if let flow = Flow(row) { flows[flow] = row["id"] }
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM path") {
            if let path = PathKey(row["hops"]) { paths[path] = row["id"] }
        }
        for (number, shape) in try JourneyShape.all(database) { shapes[shape] = number }
    }
}

extension Flow {
    /// A row of `flow`; nil if it is damaged.
    init?(_ row: Row) {
        let number: Int = row["protocol"] ?? -1
        guard let source = IPAddress(row["source"] as String? ?? ""),
            let destination = IPAddress(row["destination"] as String? ?? ""), let ipProtocol = UInt8(exactly: number)
        else { return nil }
        self.init(source: source, destination: destination, ipProtocol: IPProtocol(rawValue: ipProtocol))
        if let from: Int = row["source_port"], let to: Int = row["destination_port"] {
            ports = Ports(
                source: Port(rawValue: UInt16(truncatingIfNeeded: from)),
                destination: Port(rawValue: UInt16(truncatingIfNeeded: to)))
        }
    }
}

extension JourneyShape {
    /// As JSON, keys in alphabetical order.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// The shapes of a file that this version understands.
    static func all(_ database: Database) throws -> [(Int64, JourneyShape)] {
        try Row.fetchAll(database, sql: "SELECT id, definition FROM shape").compactMap { row in
            let text: String = row["definition"]
            guard let shape = try? JSONDecoder().decode(JourneyShape.self, from: Data(text.utf8)) else { return nil }
            return (row["id"], shape)
        }
    }
}
