// SPDX-License-Identifier: Apache-2.0

public import Documents
internal import FoundationEssentials
public import Journeys
internal import TelemetryFormats

/// What the configuration file of a host says. What it leaves out is as without a file.
///
///     level: 2
///     max_requests: 4096
///     rules:
///       - {protocol: udp, port: 53, id: dns}
///       - {protocol: udp, port: 7000, id: {offset: 4, width: 8}}
///       - {protocol: tcp, port: 25, id: off}
///     telemetry: [10.0.0.0/8]
///     role: both
///     client:
///       peers: [10.0.2.0/24]
///       sample: 1/100
public struct HostConfiguration: Sendable, Hashable {
    /// Read if it is there and no other file is named.
    public static let usualPath = "/etc/p4netintel/host.yaml"

    /// Level of the records in reference frames.
    public var level: UInt8?
    /// How many requests may wait for their reply at the same time.
    public var maximumRequests: Int?
    /// Rules of ports that do not have the default.
    public var rules: [MatchingRule] = []
    /// Whose telemetry is kept for the reply.
    public var trust: TelemetryTrust?

    /// The role of the host.
    public var role: HostRole?
    /// The host's number in its records.
    public var hostID: HostID?
    /// Whether the latency breakdown is measured.
    public var breakdown: AttachOptions.Breakdown?
    /// Whether host records have 18 bytes at levels that can announce them.
    public var isLegacy: Bool?
    /// The section `client`.
    public var client = ClientOptions()

    /// A configuration that says nothing.
    public init() {}

    /// Reads a YAML file. The error has the location of the mistake.
    public init(readingFile path: String) throws(InputError) {
        try self.init(DocumentNode(yaml: InputFile.text(of: path), file: path))
    }

    /// From the usual place; nil if there is no such file.
    public static func usual() throws(InputError) -> HostConfiguration? {
        guard FileManager.default.fileExists(atPath: usualPath) else { return nil }
        return try HostConfiguration(readingFile: usualPath)
    }

    /// From a document that was read. The error has the location of every mistake: one per section, and each unknown key.
    public init(_ document: DocumentNode) throws(InputError) {
        let (sections, unknown) = try document.mapping(allowing: Self.sections.map(\.name))
        var mistakes = unknown
        for section in Self.sections {
            guard let settings = sections[section.name] else { continue }
            do throws(InputError) {
                try section.read(settings, &self)
            } catch {
                mistakes.append(error)
            }
        }
        if let all = InputError(all: mistakes) { throw all }
    }

    /// A top-level key and what reads its value. A new section is a new row.
    private struct Section {
        let name: String
        let read: @Sendable (DocumentNode, inout HostConfiguration) throws(InputError) -> Void
    }

    private static let sections: [Section] = [
        Section(name: "level") { (settings, configuration) throws(InputError) in
            configuration.level = UInt8(try settings.integer(in: ReferenceFormat.levels))
        },
        Section(name: "max_requests") { (settings, configuration) throws(InputError) in
            configuration.maximumRequests = try settings.integer(in: AttachOptions.maximumRequestsRange)
        },
        Section(name: "rules") { (settings, configuration) throws(InputError) in
            configuration.rules = try MatchingRule.list(settings)
        },
        Section(name: "telemetry") { (settings, configuration) throws(InputError) in
            configuration.trust = try TelemetryTrust(settings)
        },
        Section(name: "role") { (settings, configuration) throws(InputError) in
            configuration.role = try settings.choice()
        },
        Section(name: "host_id") { (settings, configuration) throws(InputError) in
            configuration.hostID = HostID(rawValue: try settings.integer(in: 1...UInt32.max))
        },
        Section(name: "breakdown") { (settings, configuration) throws(InputError) in
            configuration.breakdown = try settings.choice()
        },
        // The key's former name.
        Section(name: "split") { (settings, configuration) throws(InputError) in
            configuration.breakdown = try settings.choice()
        },
        Section(name: "legacy") { (settings, configuration) throws(InputError) in
            configuration.isLegacy = try settings.boolean()
        },
        Section(name: "client") { (settings, configuration) throws(InputError) in
            configuration.client = try ClientOptions(settings)
        },
    ]
}

extension AttachOptions {
    /// What the configuration says, and the defaults where it says nothing.
    public init(_ configuration: HostConfiguration) {
        self.init()
        if let level = configuration.level.flatMap({ Level(rawValue: $0) }) { referenceLevel = level }
        if let maximum = configuration.maximumRequests { maximumRequests = maximum }
        rules = MatchingRule.completed(configuration.rules)
        if let trust = configuration.trust { self.trust = trust }
        if let role = configuration.role { self.role = role }
        hostID = configuration.hostID
        if let breakdown = configuration.breakdown { self.breakdown = breakdown }
        if let isLegacy = configuration.isLegacy { self.isLegacy = isLegacy }
        client = configuration.client
    }
}
