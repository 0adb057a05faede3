// SPDX-License-Identifier: Apache-2.0

/// A P4 program ready to run: what the compiler makes and a switch engine executes.
///
/// Flat and checked: code is one array of trivial instructions, every name resolved to an index, every
/// width and bit offset baked in. It knows neither P4 syntax nor packets.
public struct SwitchProgram: Sendable {
    /// The source file's name, for messages.
    public var name: String
    public var headers: [HeaderLayout]
    public var stacks: [HeaderStack]
    public var frame: FrameLayout
    public var code: [Instruction]
    /// For each instruction, the source line it came from.
    public var locations: [SourceLine]
    public var entries: EntryPoints
    public var actions: [ActionSchema]
    public var tables: [TableSchema]
    public var registers: [RegisterSchema]
    public var counters: [CounterSchema]
    public var meters: [MeterSchema]
    public var fieldLists: [FieldList]
    public var messages: [LogMessage]
    /// Names of the errors by value: `NoError`, `PacketTooShort`, … (core.p4), then the program's own.
    public var errors: [String]

    public init(
        name: String, headers: [HeaderLayout], stacks: [HeaderStack], frame: FrameLayout, code: [Instruction],
        locations: [SourceLine], entries: EntryPoints, actions: [ActionSchema], tables: [TableSchema],
        registers: [RegisterSchema], counters: [CounterSchema], meters: [MeterSchema], fieldLists: [FieldList],
        messages: [LogMessage], errors: [String]
    ) {
        self.name = name
        self.headers = headers
        self.stacks = stacks
        self.frame = frame
        self.code = code
        self.locations = locations
        self.entries = entries
        self.actions = actions
        self.tables = tables
        self.registers = registers
        self.counters = counters
        self.meters = meters
        self.fieldLists = fieldLists
        self.messages = messages
        self.errors = errors
    }
}

/// Where each part of `V1Switch` (v1model.p4) begins in `SwitchProgram.code`; each ends with `end`.
public struct EntryPoints: Sendable {
    public var parser: Int
    public var verifyChecksum: Int
    public var ingress: Int
    public var egress: Int
    public var computeChecksum: Int
    public var deparser: Int

    public init(parser: Int, verifyChecksum: Int, ingress: Int, egress: Int, computeChecksum: Int, deparser: Int) {
        self.parser = parser
        self.verifyChecksum = verifyChecksum
        self.ingress = ingress
        self.egress = egress
        self.computeChecksum = computeChecksum
        self.deparser = deparser
    }
}

/// Errors every program knows, with v1model's values; the program's own follow from 7.
public enum ParserError: UInt32, Sendable {
    case noError, packetTooShort, noMatch, stackOutOfBounds, headerTooShort, parserTimeout, parserInvalidArgument
}

public struct SourceLine: Sendable, Hashable {
    public var file: String
    public var line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }
}
