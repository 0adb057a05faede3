// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import LinuxSystem

/// Reads lines as the prompt of the P4 tutorials' emulator does: a node's name and a command for it, or one of a few
/// commands about the lab.
public final class LabShell {
    private let state: LabState
    private let executor: any ShellExecutor
    private let write: (String) -> Void
    private let nodes: Set<String>
    private let addresses: [String: String]
    /// Lines that could not be understood or run.
    private(set) var failures = 0
    /// Commands in the foreground that ended without success.
    public private(set) var failedCommands = 0
    /// A command in the foreground was ended by Ctrl-C.
    public private(set) var wasInterrupted = false
    private static let deepestSource = 16

    /// A shell for a lab that is up.
    /// - Parameters:
    ///   - interactive: lines come from a terminal, which commands may use.
    ///   - interruption: a descriptor that becomes readable when the command that runs is to end.
    ///   - write: prints a line.
    public convenience init(
        _ lab: LabNetwork, interactive: Bool, interruption: Int32? = nil, write: @escaping (String) -> Void
    ) throws {
        guard let state = LabState.read(of: lab), try lab.status().nodes.contains(where: \.exists) else {
            throw LabError(of: "lab '\(lab.name)'", "is not up; bring it up with 'lab up'")
        }
        self.init(
            state, executor: NamespaceExecutor(lab, interactive: interactive, interruption: interruption),
            write: write)
    }

    init(_ state: LabState, executor: any ShellExecutor, write: @escaping (String) -> Void) {
        self.state = state
        self.executor = executor
        self.write = write
        nodes = Set(state.nodes.map(\.name))
        let hosts = state.nodes.flatMap { node in
            // A node's name has no dot, so `h2.6` is nobody's.
            [(node.name, node.address), ("\(node.name).6", node.address6)].compactMap { name, address in
                address.map { (name, String($0.prefix { $0 != "/" })) }
            }
        }
        addresses = Dictionary(hosts) { first, _ in first }
    }

    /// Reads standard input to its end or until `exit`, with a prompt if it is a terminal.
    /// - Returns: 0, or 1 if a line could not be understood or run.
    public static func runOnStandardInput(_ lab: LabNetwork) throws -> Int32 {
        let interactive = StandardStream(0).isTerminal
        let shell = try LabShell(lab, interactive: interactive) { print($0) }
        return shell.run {
            if interactive { print("p4netintel> ", terminator: "") }
            // What children print must come after what we did.
            StandardStream.flushBuffers()
            return readLine()
        }
    }

    /// Runs lines to the end or to `exit`, then ends what still runs in the background.
    /// - Returns: 0, or 1 if a line could not be understood or run.
    public func run(lines next: () -> String?) -> Int32 {
        defer { executor.endBackground() }
        while let line = next(), perform(line, place: "", depth: 0) {}
        return failures == 0 ? 0 : 1
    }

    /// Runs a script's lines until one says `exit`, or a command was interrupted, then ends what was left in the
    /// background.
    /// - Parameters:
    ///   - file: as messages call it.
    ///   - willPerform: called with each line before it runs; false ends the script.
    /// - Returns: 0, or 1 if a line could not be understood or run, or a command in the foreground failed.
    public func run(script: String, file: String, willPerform: (String) -> Bool) -> Int32 {
        defer { executor.endBackground() }
        let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard willPerform(String(line)), perform(String(line), place: "\(file):\(index + 1): ", depth: 0),
                !wasInterrupted
            else { break }
        }
        return failures == 0 && failedCommands == 0 ? 0 : 1
    }

    /// - Returns: false if the line ends the shell.
    private func perform(_ text: String, place: String, depth: Int) -> Bool {
        do {
            return try perform(ShellLine(text, nodes: nodes, addresses: addresses), place: place, depth: depth)
        } catch {
            fail("\(error)", place)
            return true
        }
    }

    private func perform(_ line: ShellLine, place: String, depth: Int) throws -> Bool {
        switch line {
        case .empty:
            break
        case .run(let node, let command, inBackground: true):
            try executor.start(command, in: node)
        case .run(let node, let command, inBackground: false):
            note(try executor.run(command, in: node), place)
        case .outside(let command):
            note(try executor.run(command, in: nil), place)
        case .nodeWithoutCommand(let node):
            fail("a node needs a command: expected \(node) COMMAND, got '\(node)'", place)
        case .source(let file):
            return source(file, place: place, depth: depth)
        case .terminal(let node):
            let name = node ?? "NODE"
            write("no window is opened: in another terminal, run 'p4netintel lab exec \(state.topology) \(name) bash'")
        case .builtin(.exit), .builtin(.quit):
            return false
        case .builtin(let builtin):
            try perform(builtin)
        case .unknown(let text):
            fail("unknown command or node: \(text); 'help' lists the commands, 'nodes' the nodes", place)
        }
        return true
    }

    private func source(_ file: String, place: String, depth: Int) -> Bool {
        guard depth < Self.deepestSource else {
            fail("'\(file)' is not read: files name each other more than \(Self.deepestSource) deep", place)
            return true
        }
        guard let data = FileManager.default.contents(atPath: file) else {
            fail("file '\(file)' cannot be read", place)
            return true
        }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard perform(String(line), place: "\(file):\(index + 1): ", depth: depth + 1) else { return false }
        }
        return true
    }

    private func note(_ outcome: ProcessOutcome, _ place: String) {
        guard !outcome.isSuccess else { return }
        failedCommands += 1
        if !place.isEmpty { write("*** \(place)ended with \(outcome.code)") }
        if outcome.code == 128 + Signal.interrupt.rawValue { wasInterrupted = true }
    }

    private func fail(_ message: String, _ place: String) {
        failures += 1
        write("*** \(place)\(message)")
    }

    private func perform(_ builtin: ShellLine.Builtin) throws {
        switch builtin {
        case .nodes: write("available nodes are:\n" + state.nodes.map(\.name).joined(separator: " "))
        case .net: for line in state.netLines { write(line) }
        case .links: for line in state.linkLines { write(line) }
        case .dump: for line in state.dumpLines { write(line) }
        case .pingall: try pingAll()
        case .help: write(Self.help)
        case .exit, .quit: break
        }
    }

    private func pingAll() throws {
        write("*** Ping: testing ping reachability")
        let hosts = state.nodes.filter { $0.kind == .host }.map(\.name)
        var sent = 0
        var answered = 0
        for host in hosts {
            var line = "\(host) ->"
            for other in hosts where other != host {
                sent += 1
                let reached = try executor.pings(addresses[other] ?? "", from: host)
                if reached { answered += 1 }
                line += reached ? " \(other)" : " X"
            }
            write(line)
        }
        let lost = sent == 0 ? 0 : (sent - answered) * 100 / sent
        write("*** Results: \(lost)% dropped (\(answered)/\(sent) received)")
    }

    static let help = """
        NODE COMMAND [&]   runs a command for sh in a node, with & in the background;
                           a host's name in it is replaced by its IPv4 address, with .6 by its IPv6
                           address: h1 ping h2, h1 ping h2.6
        nodes              lists the nodes
        net                lists each node's interfaces and what they lead to
        links              lists the links
        dump               lists the nodes with address and process
        pingall            pings between all hosts
        sh COMMAND         runs a command outside of all nodes
        source FILE        runs the lines of a file
        help, exit, quit   # begins a comment
        """
}
