// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms
internal import Journeys
internal import LinuxSystem
internal import TelemetryFormats

/// An interface of a host whose programs strip telemetry from requests and restore it on replies, or insert it as an
/// INT source.
///
/// The interface is looked up in the network namespace of the calling thread. What is attached outlives the process:
/// `detach` ends it, from any process.
public struct TelemetryHost: Sendable, Hashable {
    /// The name of the interface.
    public let interface: String

    /// The interface need not exist yet.
    public init(interface: String) { self.interface = interface }

    /// Loads and attaches the programs, or nothing: an error leaves no program, link or pin, and leaves what was to be
    /// replaced unchanged.
    public func attach(_ options: AttachOptions = AttachOptions()) throws(HostAgentError) -> HostStatus {
        try doing(.attach) { () throws(HostAgentError) in try attachPrograms(options) }
    }

    private func attachPrograms(_ options: AttachOptions) throws(HostAgentError) -> HostStatus {
        var options = options
        if options.hostID == nil { options.hostID = HostID(ofInterface: interface) }
        if let id = options.hostID { options.client.hostID = id }
        options.address = InterfaceHardware.address(of: interface)
        let chosen = options
        let place = try findInterface()
        guard Self.carriesEthernet(interface) else {
            throw HostAgentError(.notEthernet, interface: interface)
        }
        try completeDetaches()
        return try withPins(mounting: true) { (store) throws(HostAgentError) in
            try repair(store)
            let pins = store.pins(of: place)
            guard pins.exists else {
                return try AttachOperation(interface: interface, place: place, pins: pins, options: chosen).run()
            }
            // Whoever comes next would detach what is attached now.
            guard !pins.isDetaching else { throw HostAgentError(.detaching, interface: interface) }
            guard chosen.replaces else { throw HostAgentError(.alreadyAttached, interface: interface) }
            return try ReplaceOperation(interface: interface, place: place, pins: pins, options: chosen).run()
        }
    }

    /// Removes programs, links, pins and saved telemetry. An interface that no longer exists has only pins left;
    /// removing these is not an error.
    ///
    /// - Parameter waits: goes on stripping telemetry until the switch at the other end knows that it is no longer
    ///   stripped here, up to about a second, or five without word from the switch. false: what arrives until then is
    ///   lost.
    public func detach(waits: Bool = true) throws(HostAgentError) {
        try doing(.detach) { () throws(HostAgentError) in try detachPrograms(waits) }
    }

    /// Waits until a switch has probed this host, and so sends it telemetry.
    /// - Returns: false if none has in this time.
    public func waitUntilProbed(milliseconds: Int = 2000) throws(HostAgentError) -> Bool {
        try withCurrent(repairing: false) { _, current in
            try Discovery.waitForProbe(in: HostMaps(pinnedIn: current), milliseconds: milliseconds)
        }
    }

    /// Reads what is attached, after it has removed leftovers of interfaces that no longer exist.
    public func status() throws(HostAgentError) -> HostStatus {
        try withCurrent { place, current in try HostStatus(interface, place, pinnedIn: current) }
    }

    /// Hands over the maps of what is attached.
    /// - Parameter ofServers: refuses what is a client alone.
    func withMaps<Value>(
        ofServers: Bool = false, _ body: (HostMaps) throws(BPFError) -> Value
    ) throws(HostAgentError) -> Value {
        try withCurrent { _, current in
            guard let record = current.record(), record.version == Int(P4NI_ABI_VERSION) else {
                throw HostAgentError(.otherVersion, interface: interface)
            }
            if ofServers, record.role == .client { throw HostAgentError(.noServer, interface: interface) }
            return try body(try HostMaps(pinnedIn: current))
        }
    }

    /// Runs `body` with the interface and the pins of what is attached to it.
    /// - Parameter repairing: removes leftovers of interfaces that no longer exist first.
    func withCurrent<Value>(
        repairing: Bool = true, _ body: (InterfacePlace, PinDirectory) throws -> Value
    ) throws(HostAgentError) -> Value {
        try doing(.inspect) { () throws(HostAgentError) in
            let place = try findInterface()
            if repairing { try completeDetaches() }
            return try withPins(mounting: false) { (store) throws(HostAgentError) in
                if repairing { try repair(store) }
                guard let current = store.pins(of: place).current else {
                    throw HostAgentError(.notAttached, interface: interface)
                }
                do {
                    return try body(place, current)
                } catch {
                    throw HostAgentError(error, interface: interface)
                }
            }
        }
    }

    /// Removes the pins of interfaces that are gone, in all network namespaces, e.g. after a lab that was killed.
    /// - Returns: the number of interfaces whose pins were removed.
    @discardableResult
    public static func removeLeftovers() throws(HostAgentError) -> Int {
        let all = TelemetryHost(interface: "all interfaces")
        let completed = try all.completeDetaches().count
        return try all.withPins(mounting: false) { (store) throws(HostAgentError) in
            try completed + all.repair(store).count
        } ifNone: {
            completed
        }
    }

    /// The same, for network namespaces that were deleted a moment ago: the kernel takes some time to let go of their
    /// interfaces.
    /// - Parameters:
    ///   - namespaces: their inodes.
    ///   - milliseconds: how long to wait at most.
    public static func removeLeftovers(of namespaces: Set<UInt64>, milliseconds: Int = 2000) throws(HostAgentError) {
        let all = TelemetryHost(interface: "all interfaces")
        for _ in 0..<max(milliseconds / 20, 1) {
            try removeLeftovers()
            let isLeft = try all.withPins(mounting: false) { (store) throws(HostAgentError) in
                store.all().contains { $0.place.map { namespaces.contains($0.namespace) } ?? false }
            } ifNone: {
                false
            }
            guard isLeft else { return }
            Pause.microseconds(20_000)
        }
    }

    /// Whether frames of the interface begin with an Ethernet header, as those of the loopback interface do too.
    static func carriesEthernet(_ interface: String) -> Bool {
        InterfaceHardware.isEthernet(interface) || interface == "lo"
    }

    func findInterface() throws(HostAgentError) -> InterfacePlace {
        guard let place = InterfacePlace(named: interface) else {
            throw HostAgentError(.noInterface, interface: interface)
        }
        return place
    }

    /// Runs `body`; its error says what was to be done.
    func doing<Value>(
        _ verb: HostAgentError.Verb, _ body: () throws(HostAgentError) -> Value
    ) throws(HostAgentError) -> Value {
        do {
            return try body()
        } catch {
            var error = error
            error.verb = verb
            throw error
        }
    }

    @discardableResult
    func repair(_ store: borrowing PinStore) throws(HostAgentError) -> [StalePins] {
        do {
            return try store.repair()
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }

    func withPins<Value>(
        mounting: Bool, _ body: (borrowing PinStore) throws(HostAgentError) -> Value,
        ifNone: () throws(HostAgentError) -> Value
    ) throws(HostAgentError) -> Value {
        try MountNamespace.performInInitial { () throws(HostAgentError) in
            switch try openPins(mounting: mounting) {
            case .some(let store): try body(store)
            case .none: try ifNone()
            }
        }
    }

    private func openPins(mounting: Bool) throws(HostAgentError) -> PinStore? {
        do {
            return try PinStore.open(mounts: mounting)
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }

    func withPins<Value>(
        mounting: Bool, _ body: (borrowing PinStore) throws(HostAgentError) -> Value
    ) throws(HostAgentError) -> Value {
        try withPins(mounting: mounting, body) { () throws(HostAgentError) in
            let code: HostAgentError.Code = InterfacePlace(named: interface) == nil ? .noInterface : .notAttached
            throw HostAgentError(code, interface: interface)
        }
    }
}
