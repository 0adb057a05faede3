// SPDX-License-Identifier: Apache-2.0

internal import Journeys
internal import LinuxSystem

/// Answers queries from a store's folder, while a collector may write to it.
public struct StoreReader: Sendable {
    private let folder: StoreFolder

    /// - Throws: that there is no store in the folder.
    public init(folder path: String) throws(StoreError) {
        folder = StoreFolder(path)
        guard FileSystem.exists("\(path)/lock") else {
            throw StoreError(.unusable, "there is no store in \(path): `p4netintel collect --store \(path)` makes one")
        }
    }

    /// The journeys that the query asks for.
    public func journeys(_ query: JourneyQuery) -> JourneyAnswer {
        var search = JourneySearch(query)
        for hour in folder.hours.filter({ mayHold($0, query) }) where !search.isDone {
            search.answer.damage += read(hour) { try search.look(into: &$0) }
        }
        let wanted = Dictionary(grouping: search.candidates, by: \.id.hour)
        for hour in wanted.keys.sorted() {
            search.answer.damage += read(hour) { try search.fetch(wanted[hour] ?? [], from: &$0) }
        }
        return search.sorted
    }

    /// - Returns: what could not be read.
    private func read(_ hour: UInt32, _ body: (inout HourReader) throws -> Void) -> [String] {
        do {
            var reader = try HourReader(hour, folder.file(ofHour: hour))
            try body(&reader)
            return reader.damage
        } catch {
            return ["cannot read \(folder.file(ofHour: hour)): \(error)"]
        }
    }

    /// One journey.
    /// - Throws: that it is not in the store, or cannot be read.
    public func journey(_ id: JourneyID) throws(StoreError) -> StoredJourney {
        do {
            var reader = try HourReader(id.hour, folder.file(ofHour: id.hour))
            if let segment = try reader.segment(id.segment),
                let found = try reader.journeys([id.row], of: segment).first
            {
                return found
            }
        } catch {
            guard FileSystem.exists(folder.file(ofHour: id.hour)) else {
                throw StoreError(
                    .unknownJourney, "no journey \(id) in \(folder.path): its hour is not, or no longer, stored")
            }
            throw StoreError(.unusable, "cannot read \(folder.file(ofHour: id.hour)): \(error)")
        }
        throw StoreError(.unknownJourney, "no journey \(id) in \(folder.path)")
    }

    /// A file holds journeys that came late, too.
    private func mayHold(_ hour: UInt32, _ query: JourneyQuery) -> Bool {
        let nanoseconds: UInt64 = 3_600_000_000_000
        return UInt64(hour) >= query.since / nanoseconds && UInt64(hour) <= query.until / nanoseconds + 1
    }
}
