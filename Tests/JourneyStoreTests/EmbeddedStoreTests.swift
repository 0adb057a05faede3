// SPDX-License-Identifier: Apache-2.0

import Addresses
import Foundation
import GRDB
import Journeys
@testable import JourneyStore
import TelemetryFormats
import Testing
import ThrowawayPlaces

@Suite struct EmbeddedStoreTests {
    private static let second: UInt64 = 1_000_000_000

    /// Stores `count` journeys, 1 ms apart, and commits every 250.
    private func store(
        _ count: Int, in folder: String, seed: UInt64 = 1, from start: UInt64 = SampleJourneys.start,
        closing: Bool = true
    ) throws -> [Journey] {
        var samples = SampleJourneys(seed: seed)
        var store = try EmbeddedStore(folder: folder)
        var journeys: [Journey] = []
        for index in 0..<count {
            let time = start + UInt64(index) * 1_000_000
            let journey = samples.next(
                at: time, level: Level.allCases[index % 4], isComplete: index % 50 != 0, hasClient: index % 3 == 0)
            store.append(journey, at: time)
            journeys.append(journey)
            if index % 250 == 249 { store.commit(at: time) }
        }
        if closing { store.close(at: start + UInt64(count) * 1_000_000) }
        return journeys
    }

    private func all(_ folder: String, _ query: JourneyQuery = JourneyQuery()) throws -> [Journey] {
        let answer = try StoreReader(folder: folder).journeys(query)
        #expect(answer.damage == [])
        return answer.journeys.map(\.journey)
    }

    @Test func `journeys come back complete, with their parts`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        let stored = try store(1200, in: folder)
        let read = try all(folder)
        #expect(read.count == stored.count)
        #expect(Set(read) == Set(stored))
    }

    @Test func `what was committed is there for readers, and after an end without closing`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        let stored = try store(1100, in: folder, closing: false)
        #expect(Set(try all(folder)) == Set(stored.prefix(1000)))
        let later = try store(500, in: folder, seed: 2, from: SampleJourneys.start + 100 * Self.second)
        #expect(Set(try all(folder)) == Set(stored.prefix(1000)).union(later))
    }

    @Test func `the slowest come first, and each by its id`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        let stored = try store(3000, in: folder)
        var query = JourneyQuery()
        query.order = .slowest
        query.limit = 20
        let slowest = stored.map(\.duration).sorted(by: >).prefix(20)
        let answer = try StoreReader(folder: folder).journeys(query)
        #expect(answer.journeys.map(\.journey.duration) == Array(slowest))
        for found in answer.journeys {
            #expect(try StoreReader(folder: folder).journey(found.id).journey == found.journey)
        }
    }

    @Test func `filters choose by time, flow, path, duration, what is missing, and any condition`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        let stored = try store(2000, in: folder)
        var query = JourneyQuery()
        query.since = SampleJourneys.start + 500 * 1_000_000
        query.until = SampleJourneys.start + 700 * 1_000_000
        #expect(Set(try all(folder, query)) == Set(stored[500..<700]))
        query = JourneyQuery()
        query.isIncomplete = true
        #expect(Set(try all(folder, query)) == Set(stored.filter { !$0.isComplete }))
        query = JourneyQuery()
        query.flow.flow = stored[10].flow
        #expect(Set(try all(folder, query)) == Set(stored.filter { $0.flow == stored[10].flow }))
        query.flow.flow = nil
        query.flow.serverPort = 99
        #expect(try all(folder, query) == [])
        query = JourneyQuery()
        query.path = PathKey("1-2-3|")
        #expect(try all(folder, query).count == stored.count { !$0.isComplete })
        query = JourneyQuery()
        query.slowerThan = 1_000_000
        #expect(Set(try all(folder, query)) == Set(stored.filter { $0.duration >= 1_000_000 }))
        query = JourneyQuery()
        query.condition = { $0.client != nil }
        query.order = .slowest
        query.limit = 7
        let expected = stored.filter { $0.client != nil }.map(\.duration).sorted(by: >).prefix(7)
        #expect(try all(folder, query).map(\.duration) == Array(expected))
    }

    @Test func `an hour is a file, and the oldest are deleted beyond the limits`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        var limits = StoreLimits()
        limits.hours = 2
        limits.freePercent = 0
        var samples = SampleJourneys(seed: 1)
        var store = try EmbeddedStore(folder: folder, limits: limits)
        for hour in 0..<6 as Range<UInt64> {
            let time = SampleJourneys.start + hour * 3600 * Self.second
            store.append(samples.next(at: time), at: time)
            store.commit(at: time + 11 * Self.second)
        }
        #expect(store.counts.deletedHours == 3)
        #expect(store.counts.stored == 6)
        #expect(StoreFolder(folder).hours == [498_929, 498_930, 498_931])
        store.close(at: SampleJourneys.start)
        #expect(try all(folder).count == 3)
    }

    @Test func `a second writer is refused while the first has the folder`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        do {
            var first = try EmbeddedStore(folder: folder)
            let error = #expect(throws: StoreError.self) { _ = try EmbeddedStore(folder: folder) }
            #expect(error?.code == .busy)
            first.close(at: 0)
        }
        _ = try EmbeddedStore(folder: folder)
    }

    @Test func `a folder without a store, and ids that no journey has, are named`() throws {
        let place = try TemporaryDirectory()
        #expect(throws: StoreError.self) { _ = try StoreReader(folder: place.path("nothing")) }
        let folder = place.path("store")
        _ = try store(10, in: folder)
        let reader = try StoreReader(folder: folder)
        for id in ["498926.99.0", "498926.1.999", "1.1.1"] {
            let error = try #require(JourneyID(id)).description
            #expect(error == id)
            #expect(throws: StoreError.self) { _ = try reader.journey(try #require(JourneyID(id))) }
        }
        for text in ["", "1.2", "1.2.3.4", "a.1.1", "1.1.70000", "-1.1.1"] { #expect(JourneyID(text) == nil) }
    }

    @Test func `full segments take less than 60 bytes per journey of three hops at level 3 with the host's parts`()
        throws
    {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        var samples = SampleJourneys(seed: 1)
        var store = try EmbeddedStore(folder: folder)
        for index in 0..<OpenSegment.capacity {
            let time = SampleJourneys.start + UInt64(index) * 10_000
            store.append(samples.next(at: time, flows: 1000), at: time)
        }
        store.close(at: SampleJourneys.start)
        #expect(StoreFolder(folder).size(ofHour: 498_926) < 60 * UInt64(OpenSegment.capacity))
    }

    @Test func `a damaged part costs its segment only, and is named`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        let stored = try store(1000, in: folder)
        let file = try HourFile.open(StoreFolder(folder).file(ofHour: 498_926))
        let lost = try file.write { database in
            try database.execute(sql: "UPDATE part SET data = zeroblob(length(data)) WHERE id = 0 << 32 | 2")
            return try Int.fetchOne(database, sql: "SELECT rows FROM segment WHERE id = 2") ?? 0
        }
        let answer = try StoreReader(folder: folder).journeys(JourneyQuery())
        #expect(lost > 0 && answer.journeys.count == stored.count - lost)
        #expect(answer.damage.contains { $0.contains("segment 2") && $0.contains("\(lost) journeys") })
    }

    @Test func `a file of a later format is refused, and says so`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("store")
        _ = try store(10, in: folder)
        try HourFile.open(StoreFolder(folder).file(ofHour: 498_926)).write { database in
            try database.execute(sql: "PRAGMA user_version = 99")
        }
        let answer = try StoreReader(folder: folder).journeys(JourneyQuery())
        #expect(answer.journeys.isEmpty)
        #expect(answer.damage.contains { $0.contains("format 99") && $0.contains("use a later one") })
    }

    @Test(.needsRoot) func `a full disk stops storing until there is room again`() throws {
        let place = try TemporaryDirectory()
        let folder = place.path("small")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try run("mount", "-t", "tmpfs", "-o", "size=2m", "none", folder)
        defer { try? run("umount", folder) }
        var limits = StoreLimits()
        limits.freePercent = 0
        var samples = SampleJourneys(seed: 1)
        var store = try EmbeddedStore(folder: folder, limits: limits)
        func add(_ count: Int, at second: UInt64) {
            for index in 0..<count {
                let time = SampleJourneys.start + second * Self.second + UInt64(index) * 10_000
                store.append(samples.next(at: time), at: time)
            }
            store.commit(at: SampleJourneys.start + second * Self.second)
        }
        add(1000, at: 1)
        #expect(store.counts.stored == 1000)
        try Data(count: 1_500_000).write(to: URL(filePath: "\(folder)/ballast"))
        add(20_000, at: 2)
        #expect(store.counts.dropped == 20_000)
        #expect(store.counts.trouble?.contains("full") == true)
        try FileManager.default.removeItem(atPath: "\(folder)/ballast")
        add(500, at: 3)
        #expect(store.counts.stored == 1500 && store.counts.trouble == nil)
        store.close(at: SampleJourneys.start + 4 * Self.second)
        #expect(try all(folder).count == 1500)
    }

    private func run(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
