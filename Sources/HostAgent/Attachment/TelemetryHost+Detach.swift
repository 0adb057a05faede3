// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

extension TelemetryHost {
    /// Microseconds between two looks at a detach that another process is at.
    private static let look: UInt32 = 50_000

    func detachPrograms(_ waits: Bool) throws(HostAgentError) {
        let place = InterfacePlace(named: interface)
        let namespace = InterfacePlace.currentNamespace()
        let completed = try completeDetaches(waits: waits)
        let step = try withPins(mounting: false) { (store) throws(HostAgentError) -> Step in
            let stale = completed + (try repair(store))
            let isDone = stale.contains { $0.namespace == namespace && $0.interface == interface }
            guard let place else {
                if isDone { return .done }
                throw HostAgentError(.noInterface, interface: interface)
            }
            let pins = store.pins(of: place)
            guard pins.exists else {
                if isDone { return .done }
                throw HostAgentError(.notAttached, interface: interface)
            }
            return try begin(DetachOperation(interface: interface, place: place, pins: pins), waits)
        }
        switch step {
        case .done: return
        case .wait(let operation, let begun): try complete(operation, begun, waits)
        case .another(let pins): try waitForAnother(at: pins)
        }
    }

    private enum Step {
        case done
        case wait(DetachOperation, DetachOperation.Begun)
        /// Another process detaches.
        case another(AttachmentPins)
    }

    private func begin(_ operation: DetachOperation, _ waits: Bool) throws(HostAgentError) -> Step {
        if let begun = try operation.begin() { return .wait(operation, begun) }
        if waits { return .another(operation.pins) }
        try operation.finish()
        return .done
    }

    private func complete(
        _ operation: DetachOperation, _ begun: DetachOperation.Begun, _ waits: Bool
    ) throws(HostAgentError) {
        // The lock in it says that a process is at it.
        defer { withExtendedLifetime(begun) {} }
        operation.wait(begun, forSwitches: waits)
        try withPins(mounting: false) { (_) throws(HostAgentError) in
            try operation.finish()
        } ifNone: {
        }
    }

    private func waitForAnother(at pins: AttachmentPins) throws(HostAgentError) {
        while true {
            let isAtIt = try withPins(mounting: false) { (_) throws(HostAgentError) in
                pins.isBeingDetached
            } ifNone: {
                false
            }
            guard isAtIt else { break }
            Pause.microseconds(Self.look)
        }
        let isLeft = try withPins(mounting: false) { (_) throws(HostAgentError) in
            pins.isDetaching
        } ifNone: {
            false
        }
        if isLeft { try detachPrograms(true) }
    }

    /// Completes the detaches that were cut short in this network namespace. One that cannot be completed stays for `detach`.
    /// - Returns: what is gone now.
    @discardableResult
    func completeDetaches(waits: Bool = true) throws(HostAgentError) -> [StalePins] {
        let operations = try withPins(mounting: false) { (store) throws(HostAgentError) in
            store.detachesToComplete()
        } ifNone: {
            []
        }
        var removed: [StalePins] = []
        for operation in operations {
            let begun = try withPins(mounting: false) { (_) throws(HostAgentError) in
                operation.pins.isDetaching ? try? operation.begin() : nil
            } ifNone: {
                nil
            }
            guard let begun, (try? complete(operation, begun, waits)) != nil else { continue }
            removed.append(StalePins(namespace: operation.place.namespace, interface: operation.interface))
        }
        return removed
    }
}
