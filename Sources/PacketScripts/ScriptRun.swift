// SPDX-License-Identifier: Apache-2.0

import Documents
import SwitchEngine
import SwitchIR
import SwitchControl

/// A script at work on an engine.
struct ScriptRun: ~Copyable {
    /// Frames the engine sent, by port.
    private struct Outputs: PacketOutput {
        var frames: [Int: [[UInt8]]] = [:]

        mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
            frames[port, default: []].append(frame.bytes())
            return nil
        }
    }

    private static let commands = [
        "mirroring_add", "mirroring_add_mc", "mirroring_delete", "mirroring_get", "mc_mgrp_create", "mc_node_create",
        "mc_node_associate", "counter_read", "counter_write", "register_read", "register_write", "register_reset",
        "meter_get_rates", "meter_set_rates", "meter_array_set_rates",
    ]

    private var engine: Engine
    private let control: ControlPlane
    private let names: EntryText
    private var outputs = Outputs()
    private var expected: [Int: [ExpectedPacket]] = [:]
    /// For each port that the script names, a line that does.
    private var named: [Int: Int] = [:]
    private var now: UInt64 = 1_000_000
    private(set) var failures: [(line: Int, message: String)] = []

    init(_ program: SwitchProgram, _ configuration: Configuration) throws(EngineError) {
        engine = try Engine(program: program, configuration: configuration)
        control = ControlPlane(program)
        names = EntryText(program: program)
    }

    mutating func execute(_ line: ScriptLine) {
        do {
            try run(line)
        } catch {
            failures.append((line.number, error.message))
        }
    }

    private mutating func run(_ line: ScriptLine) throws(InputError) {
        var line = line
        let keyword = line.keyword
        if keyword.isEmpty { return }
        if Self.commands.contains(keyword) { return try runCommand(line) }
        _ = line.next()
        switch keyword {
        case "packet": try sendPacket(&line)
        case "expect": try expectPacket(&line)
        case "add": try addEntry(&line)
        case "setdefault": try setDefault(&line)
        case "check_counter": try checkCounter(&line)
        case "wait", "remove", "mc_node_update": break
        default: throw InputError("'\(keyword)' is not a statement of packet scripts")
        }
    }

    private mutating func runCommand(_ line: ScriptLine) throws(InputError) {
        do {
            _ = try control.execute(line.text, on: &engine, now: PacketTimes(nanoseconds: now))
        } catch {
            throw InputError(error.message)
        }
    }

    // MARK: Packets

    private mutating func port(_ line: inout ScriptLine) throws(InputError) -> Int {
        guard let word = line.next(), let port = Int(word), (0..<Engine.dropPort).contains(port) else {
            throw InputError("a port of 0 to \(Engine.dropPort - 1) is missing")
        }
        if named[port] == nil { named[port] = line.number }
        return port
    }

    private mutating func sendPacket(_ line: inout ScriptLine) throws(InputError) {
        let port = try port(&line)
        let digits = line.words.joined()
        guard digits.count % 2 == 0, digits.allSatisfy(\.isHexDigit) else {
            throw InputError("the packet is not whole bytes in hexadecimal")
        }
        let values = digits.compactMap(\.hexDigitValue)
        let bytes = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] * 16 + values[$0 + 1]) }
        unsafe engine.receive(bytes.span.bytes, port: port, now: PacketTimes(nanoseconds: now))
        // A program that repeats packets for ever is left after this many rounds.
        for _ in 0..<100_000 {
            guard let due = engine.nextDeparture else { break }
            now = max(now, due)
            engine.poll(now: PacketTimes(nanoseconds: now), into: &outputs)
        }
        now += 1_000_000
    }

    private mutating func expectPacket(_ line: inout ScriptLine) throws(InputError) {
        let port = try port(&line)
        var digits = Array(line.words.joined().lowercased())
        let isExact = digits.last == "$"
        if isExact { digits.removeLast() }
        guard digits.allSatisfy({ $0.isHexDigit || $0 == "*" }) else {
            throw InputError("the packet is not hexadecimal")
        }
        expected[port, default: []].append(ExpectedPacket(line: line.number, digits: digits, isExact: isExact))
    }

    /// Compares what came out of each port with what was expected there, in order.
    mutating func compare() {
        for (port, line) in named.sorted(by: { $0.key < $1.key }) {
            let wanted = expected[port] ?? []
            let came = outputs.frames[port] ?? []
            for (index, packet) in wanted.enumerated() {
                if index >= came.count {
                    failures.append((packet.line, "port \(port): nothing came, \(drops)"))
                } else if let mismatch = packet.mismatch(came[index]) {
                    failures.append((packet.line, "port \(port): \(mismatch)"))
                }
            }
            for bytes in came.dropFirst(wanted.count) {
                let message = "port \(port): a packet came that nothing expects: \(ExpectedPacket.hex(bytes))"
                failures.append((wanted.last?.line ?? line, message))
            }
        }
    }

    private var drops: String {
        let drops = engine.statistics.drops.sorted { $0.key.rawValue < $1.key.rawValue }
        return drops.isEmpty
            ? "and nothing was dropped"
            : "dropped: "
                + drops.map { "\($0.key.name) \($0.value)" }.joined(separator: ", ")
    }

    // MARK: Tables

    private mutating func addEntry(_ line: inout ScriptLine) throws(InputError) {
        guard let name = line.next() else { throw InputError("the table is missing") }
        let table = try names.table(name)
        let schema = engine.program.tables[table]
        var priority: Int?
        if let word = line.peek(), let number = Int(word), line.peek(1) != ":" {
            priority = number
            _ = line.next()
        }
        var given: [Int: KeyMatch] = [:]
        while line.peek(1) == ":" {
            guard let key = line.next(), line.next() == ":", let value = line.next() else { break }
            let place = try names.key(key, of: table)
            given[place] = try names.match(value, schema.keys[place])
        }
        var keys: [KeyMatch] = []
        for (place, key) in schema.keys.enumerated() {
            if let match = given[place] { keys.append(match) } else { keys.append(try names.absent(key)) }
        }
        let isOrdered = schema.keys.contains { $0.match != .exact && $0.match != .lpm }
        if isOrdered, priority == nil { throw InputError("table \(schema.name) has ternary keys: give a priority") }
        // Larger wins in scripts; the engine's order is the other way round.
        let entry = EntrySchema(
            keys: keys, action: try call(&line, table), priority: isOrdered ? 10_000 - (priority ?? 0) : 0)
        do {
            try engine.insert(entry, into: table)
        } catch {
            throw InputError("\(error)")
        }
    }

    private mutating func setDefault(_ line: inout ScriptLine) throws(InputError) {
        guard let name = line.next() else { throw InputError("the table is missing") }
        let table = try names.table(name)
        let call = try call(&line, table)
        do {
            try engine.setDefault(call, of: table)
        } catch {
            throw InputError("\(error)")
        }
    }

    /// `ACTION(NAME:VALUE, ...)`
    private func call(_ line: inout ScriptLine, _ table: Int) throws(InputError) -> ActionCall {
        guard let name = line.next(), line.next() == "(" else {
            throw InputError("an action with its arguments is missing")
        }
        let action = try names.action(name, of: table)
        var values: [String: String] = [:]
        while let word = line.next(), word != ")" {
            if word == "," { continue }
            guard line.next() == ":", let value = line.next() else {
                throw InputError("argument '\(word)' has no value")
            }
            values[word] = value
        }
        var arguments: [BitString] = []
        for parameter in engine.program.actions[action].parameters {
            guard let value = values.removeValue(forKey: parameter.name) else {
                throw InputError("argument '\(parameter.name)' is missing")
            }
            arguments.append(try ValueText.parse(value, width: parameter.width))
        }
        if let extra = values.keys.first { throw InputError("the action has no parameter '\(extra)'") }
        return ActionCall(action: action, arguments: arguments)
    }

    // MARK: Counters

    /// `NAME(INDEX) [bytes|packets OP NUMBER]`: without a comparison, nothing is asked.
    private func checkCounter(_ line: inout ScriptLine) throws(InputError) {
        guard let name = line.next(), line.next() == "(", let word = line.next(), let index = Int(word),
            line.next() == ")"
        else { throw InputError("check_counter is written NAME(INDEX) bytes|packets OP NUMBER") }
        guard let unit = line.next()?.lowercased() else { return }
        let words = Array(line.words)
        guard let last = words.last, let number = UInt64(last) else { throw InputError("the number is missing") }
        let found = engine.program.counters.indices.filter { index in
            let full = engine.program.counters[index].name
            return full == name || full.hasSuffix("." + name)
        }
        guard found.count == 1 else { throw InputError("counter '\(name)' is not one of the program's") }
        let value: CounterValue
        do {
            value = try engine.counter(found[0], index)
        } catch {
            throw InputError("\(error)")
        }
        let actual = unit == "bytes" ? value.bytes : value.packets
        let sign = words.dropLast().joined()
        let holds =
            switch sign {
            case "==": actual == number
            case "!=": actual != number
            case "<": actual < number
            case "<=": actual <= number
            case ">": actual > number
            case ">=": actual >= number
            default: throw InputError("'\(sign)' is not a comparison")
            }
        if !holds { throw InputError("counter \(name)[\(index)] has \(actual) \(unit), not \(sign) \(number)") }
    }
}
