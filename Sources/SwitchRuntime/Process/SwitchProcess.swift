// SPDX-License-Identifier: Apache-2.0

import Documents
import LinuxSystem
import SwitchControl
import SwitchEngine
public import SwitchIR

/// A switch on real interfaces: one thread that receives, runs the engine and sends.
///
/// When `init` returns, every file was applied without a problem and every port is open.
public struct SwitchProcess: ~Copyable {
    var engine: Engine
    var ports: PortSet
    var clock = SwitchClock()
    let controlPlane: ControlPlane
    let control: ControlServer?
    /// Hears of what becomes of the ports' interfaces.
    let links: LinkMonitor
    /// What the command files printed.
    public let commandOutput: [String]

    /// Loads the program, applies the files and opens the ports.
    /// - Throws: `SwitchError` with all problems that were found.
    public init(program: SwitchProgram, options: SwitchOptions) throws(SwitchError) {
        try Self.check(options)
        var output: [String] = []
        let engine = try Self.makeEngine(program, options, &output)
        // Before the ports: no change may be missed.
        let links = try Self.watchLinks()
        let ports = try Self.openPorts(options)
        control = try Self.openControl(options)
        self.links = links
        controlPlane = ControlPlane(program)
        self.engine = engine
        self.ports = ports
        commandOutput = output
    }

    private static func makeEngine(
        _ program: SwitchProgram, _ options: SwitchOptions, _ output: inout [String]
    ) throws(SwitchError) -> Engine {
        var engine = try load(program, options)
        do throws(EngineError) {
            for port in options.ports {
                if let bandwidth = port.bandwidth { try engine.setLinkBandwidth(bandwidth, port: port.number) }
            }
        } catch {
            throw SwitchError(.configuration, ["\(error)"])
        }
        output = try configure(&engine, program, options)
        return engine
    }

    private static func load(_ program: SwitchProgram, _ options: SwitchOptions) throws(SwitchError) -> Engine {
        do throws(EngineError) {
            return try Engine(program: program, configuration: options.engine)
        } catch {
            throw SwitchError(.program, ["\(error)"])
        }
    }

    private static func openPorts(_ options: SwitchOptions) throws(SwitchError) -> PortSet {
        var ports = PortSet(capacity: options.ports.count)
        var problems: [String] = []
        for port in options.ports {
            do throws(SystemError) {
                ports.append(try Port(port, ofPorts: options.ports.count))
            } catch {
                problems.append("port \(port.number) on \(port.interface): \(error)")
            }
        }
        if !problems.isEmpty { throw SwitchError(.port, problems) }
        return ports
    }

    private static func watchLinks() throws(SwitchError) -> LinkMonitor {
        do throws(SystemError) {
            return try LinkMonitor()
        } catch {
            throw SwitchError(.system, ["\(error)"])
        }
    }

    private static func openControl(_ options: SwitchOptions) throws(SwitchError) -> ControlServer? {
        guard let path = options.controlPath else { return nil }
        do throws(SystemError) {
            return try ControlServer(at: path, firstToken: Token.control)
        } catch {
            throw SwitchError(.configuration, ["control socket: \(error)"])
        }
    }

    private static func check(_ options: SwitchOptions) throws(SwitchError) {
        var problems: [String] = []
        if options.ports.isEmpty { problems.append("a switch needs a port: --port NUMBER=INTERFACE") }
        var numbers: Set<Int> = []
        var interfaces: Set<String> = []
        for port in options.ports {
            if !(0..<Engine.dropPort).contains(port.number) {
                problems.append("port \(port.number): ports are numbered 0 to \(Engine.dropPort - 1)")
            }
            if !numbers.insert(port.number).inserted { problems.append("port \(port.number) is given twice") }
            if !interfaces.insert(port.interface).inserted {
                problems.append("interface \(port.interface) is assigned to two ports")
            }
            for bandwidth in [port.bandwidth, port.ingressBandwidth] {
                if let bandwidth, !(bandwidth > 0 && bandwidth.isFinite) {
                    problems.append("port \(port.number): bandwidth must be greater than 0, got \(bandwidth) bit/s")
                }
            }
        }
        if !problems.isEmpty { throw SwitchError(.configuration, problems) }
    }

    /// Applies the files, commands last so that they can change entries, and reports all problems together.
    private static func configure(
        _ engine: inout Engine, _ program: SwitchProgram, _ options: SwitchOptions
    ) throws(SwitchError) -> [String] {
        let control = ControlPlane(program)
        let now = SwitchClock().times
        var output: [String] = []
        var problems: [InputError] = []
        func read(_ file: String) -> String? {
            do {
                return String(decoding: try InputFile.bytes(of: file), as: UTF8.self)
            } catch {
                problems.append(error)
                return nil
            }
        }
        for file in options.runtimeFiles {
            guard let text = read(file) else { continue }
            problems += control.apply(runtimeJSON: text, file: file, to: &engine)
        }
        for file in options.commandFiles {
            guard let text = read(file) else { continue }
            let result = control.apply(commands: text, file: file, to: &engine, now: now)
            output += result.output
            problems += result.problems
        }
        if !problems.isEmpty { throw SwitchError(.configuration, problems.map(\.description)) }
        return output
    }

    /// What the switch has counted, the kernel's drops included.
    public mutating func statistics() -> SwitchStatistics {
        collectDrops()
        var interfaces: [Int: SwitchStatistics.Interface] = [:]
        for place in 0..<ports.count {
            interfaces[ports[place].options.number] = SwitchStatistics.Interface(
                name: ports[place].options.interface, state: ports[place].state, mtu: ports[place].mtu)
        }
        return SwitchStatistics(engine.statistics, interfaces: interfaces)
    }

    private mutating func collectDrops() {
        for place in 0..<ports.count {
            let number = ports[place].options.number
            for (reason, count) in ports[place].consumeDrops() { engine.countDrops(reason, port: number, count: count) }
        }
    }
}
