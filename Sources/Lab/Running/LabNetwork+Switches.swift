// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import LinuxSystem

/// A switch's process while it starts.
struct StartingSwitch {
    let name: String
    let child: ChildProcess
    let log: String
}

extension LabNetwork {
    /// The line that a switch writes to its standard output when it is configured and takes packets.
    static let readyLine = "ready"

    /// Starts every switch at once: each compiles for itself.
    func startSwitches(_ topology: Topology, _ options: LabOptions, _ state: inout LabState) throws -> [StartingSwitch]
    {
        var started: [StartingSwitch] = []
        for node in topology.switches {
            let commands = try options.commands[node.name].map { try write($0, for: node.name) }
            var request = SpawnRequest(
                options.command(for: node, in: topology, moreCommands: commands, control: control(of: node)),
                in: try namespace(of: node.name))
            let log = logFile(of: node.name)
            request.output = .file(log)
            request.errors = .file(log)
            // It stays when the command that brought the lab up has ended.
            request.group = .ownSession
            let child: ChildProcess
            do {
                child = try ChildProcess.spawn(request)
            } catch {
                throw LabError(of: "switch \(node.name)", "cannot be started: \(error)")
            }
            started.append(StartingSwitch(name: node.name, child: child, log: log))
            if let index = state.nodes.firstIndex(where: { $0.name == node.name }) {
                state.nodes[index].process = child.identity
            }
            // Known to `down` from here on, whatever happens to us.
            try state.write(of: self)
        }
        return started
    }

    /// nil: the lab's name is too long for a socket in its directory.
    private func control(of node: Topology.Switch) -> String? {
        let path = controlSocket(of: node.name)
        return path.utf8.count <= LocalSocket.longestPath ? path : nil
    }

    /// - Returns: the file that holds a switch's lines.
    private func write(_ commands: [String], for node: String) throws -> String {
        let path = "\(directory)/\(node)-commands.txt"
        do {
            try Data((commands.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        } catch {
            throw LabError(of: "file \(path)", "cannot be written: \(error)")
        }
        return path
    }

    func waitUntilReady(_ switches: [StartingSwitch], _ options: LabOptions, _ report: (String) -> Void) throws {
        let deadline = DomainClock.monotonicNanoseconds() + UInt64(options.readyTimeoutMilliseconds) * 1_000_000
        var waiting = switches
        while true {
            // Ended first, log after: a switch that wrote and ended in between is seen as ended next time.
            for node in waiting {
                if let outcome = try node.child.wait(milliseconds: 0) {
                    throw LabError(
                        of: "switch \(node.name)",
                        "ended with \(outcome) before it was ready\(Self.end(of: node.log))\(Self.hint(node.log, options))"
                    )
                }
            }
            waiting.removeAll { Self.isReady($0.log) }
            if waiting.isEmpty {
                report("all \(switches.count) switches are ready")
                return
            }
            if options.isCancelled() { throw LabError(of: "lab '\(name)'", "was stopped while its switches started") }
            if DomainClock.monotonicNanoseconds() >= deadline {
                let node = waiting[0]
                let seconds = options.readyTimeoutMilliseconds / 1000
                throw LabError(of: "switch \(node.name)", "is not ready after \(seconds) s\(Self.end(of: node.log))")
            }
            _ = try waiting[0].child.wait(milliseconds: 20)
        }
    }

    static func lines(of log: String) -> [Substring] {
        let data = FileManager.default.contents(atPath: log) ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    private static func isReady(_ log: String) -> Bool { lines(of: log).contains { $0 == readyLine } }

    /// The log's last lines, for an error.
    /// Tables and actions that the program does not have: perhaps it is another one that they are meant for.
    private static func hint(_ log: String, _ options: LabOptions) -> String {
        let unknown = lines(of: log).contains { $0.contains("no table '") || $0.contains("no action '") }
        return unknown
            ? "\n  the program is \(options.program); if these are another's tables, name it: --program FILE" : ""
    }

    private static func end(of log: String) -> String {
        let lines = lines(of: log).suffix(20)
        let file = (try? FileManager.default.attributesOfFileSystem(forPath: log)) ?? [:]
        if file[.systemFreeSize] as? UInt64 == 0 || file[.systemFreeSize] as? Int == 0 {
            return "; the file system of its log \(log) is full"
        }
        return lines.isEmpty
            ? "; its log \(log) is empty" : "; its log \(log) ends:\n  " + lines.joined(separator: "\n  ")
    }
}
