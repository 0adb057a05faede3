// SPDX-License-Identifier: Apache-2.0

public import Journeys
internal import LinuxSystem

/// A store in a folder of this machine, without a server. One writer at a time; any number of readers.
///
/// All methods belong to one thread. Killed at any moment, it loses what was not committed, and nothing else.
public struct EmbeddedStore: JourneyStoring, ~Copyable {
    private static let nanosecondsPerHour: UInt64 = 3_600_000_000_000
    /// Between two looks at sizes and ages.
    private static let retentionPeriod: UInt64 = 10_000_000_000

    /// What became of the journeys so far.
    public private(set) var counts = StoreCounts()
    private let folder: StoreFolder
    private let limits: StoreLimits
    private let lock: Descriptor
    private var hour: HourWriter?
    /// Of hours that are complete.
    private var earlier = StoreCounts()
    private var looked: UInt64 = 0

    /// Opens the folder, or makes it.
    /// - Throws: why nothing can be stored in it.
    public init(folder path: String, limits: StoreLimits = StoreLimits()) throws(StoreError) {
        folder = StoreFolder(path)
        self.limits = limits
        try folder.create()
        lock = try folder.lock()
    }

    /// Accepts a journey.
    public mutating func append(_ journey: Journey, at now: UInt64) {
        guard begin(hourOf: journey.time, at: now) else {
            counts.dropped += 1
            return
        }
        if hour?.append(journey, at: now) == nil { counts.unknown += 1 }
    }

    /// Puts what was appended into the hour's file, and deletes what is too old or too much.
    public mutating func commit(at now: UInt64) {
        store(sealingAll: false, at: now)
        guard now &- looked >= Self.retentionPeriod else { return }
        looked = now
        deleteOldHours()
    }

    /// Seals everything.
    public mutating func close(at now: UInt64) {
        store(sealingAll: true, at: now)
        hour = nil
    }

    /// Journeys that arrive late go to the hour that is open.
    private mutating func begin(hourOf time: UInt64, at now: UInt64) -> Bool {
        let wanted = UInt32(clamping: time / Self.nanosecondsPerHour)
        if let open = hour?.hour, wanted <= open { return true }
        store(sealingAll: true, at: now)
        if let others = hour?.others {
            earlier.otherFlows += others.flows
            earlier.otherPaths += others.paths
        }
        hour = nil
        do {
            hour = try HourWriter(wanted, in: folder.path)
            return true
        } catch {
            counts.trouble = "cannot write \(folder.file(ofHour: wanted)): \(error)"
            return false
        }
    }

    private mutating func store(sealingAll: Bool, at now: UInt64) {
        do {
            counts.stored += UInt64(try hour?.commit(at: now, sealingAll: sealingAll) ?? 0)
            counts.trouble = nil
        } catch {
            counts.dropped += UInt64(hour?.dropUncommitted() ?? 0)
            counts.trouble = "cannot write to the store \(folder.path): \(error)"
            deleteOldHours()
        }
        counts.otherFlows = earlier.otherFlows + (hour?.others.flows ?? 0)
        counts.otherPaths = earlier.otherPaths + (hour?.others.paths ?? 0)
    }

    /// Deletes the oldest hours until ages, sizes and the free space are within the limits. The open one stays.
    private mutating func deleteOldHours() {
        guard let open = hour?.hour else { return }
        let hours = folder.hours
        var sizes = hours.map { (hour: $0, bytes: folder.size(ofHour: $0)) }
        var bytes = sizes.reduce(0) { $0 + $1.bytes }
        while let oldest = sizes.first, oldest.hour < open {
            let isOld = UInt64(open - oldest.hour) > UInt64(clamping: limits.hours)
            guard isOld || bytes > limits.bytes || hasTooLittleSpace else { return }
            folder.delete(hour: oldest.hour)
            counts.deletedHours += 1
            bytes -= min(bytes, oldest.bytes)
            sizes.removeFirst()
        }
    }

    private var hasTooLittleSpace: Bool {
        guard let space = try? FileSystem.space(at: folder.path) else { return false }
        return space.free < space.all / 100 * UInt64(clamping: limits.freePercent)
    }
}
