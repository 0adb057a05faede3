// SPDX-License-Identifier: Apache-2.0

/// A P4 program ready to run: what the compiler makes and a switch engine executes.
///
/// Flat and checked: code is one array of trivial instructions, every name resolved to an index, every
/// width and bit offset baked in. It knows neither P4 syntax nor packets.
public struct SwitchProgram: Sendable {
    /// The source file's name, for messages.
    public var name: String
    /// Header instances; the last is the sentinel, which is never valid.
    public var headers: [HeaderLayout]
    /// Header stacks, each a run of `headers`.
    public var stacks: [HeaderStack]
    /// The slots of metadata, locals and constants.
    public var frame: FrameLayout
    /// The instructions of all parts and actions.
    public var code: [Instruction]
    /// For each instruction, the source line it came from.
    public var locations: [SourceLine]
    /// Where each part of the pipeline begins.
    public var entries: EntryPoints
    /// Actions, by the index that tables and `apply` use.
    public var actions: [ActionSchema]
    /// Tables, by the index that `apply` uses.
    public var tables: [TableSchema]
    /// Register arrays, by index.
    public var registers: [RegisterSchema]
    /// Counter arrays and direct counters, by index.
    public var counters: [CounterSchema]
    /// Meter arrays and direct meters, by index.
    public var meters: [MeterSchema]
    /// Metadata that clones and further passes keep, by index.
    public var fieldLists: [FieldList]
    /// Texts of `log_msg`, `assert` and `assume`, by index.
    public var messages: [LogMessage]
    /// Names of the errors by value: `NoError`, `PacketTooShort`, … (core.p4), then the program's own.
    public var errors: [String]

    /// A program of all its parts; `check()` says whether they fit together.
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
    /// The parser.
    public var parser: Int
    /// Checksum verification.
    public var verifyChecksum: Int
    /// The ingress control.
    public var ingress: Int
    /// The egress control.
    public var egress: Int
    /// Checksum update.
    public var computeChecksum: Int
    /// The deparser.
    public var deparser: Int

    /// Indices into `SwitchProgram.code`.
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
    /// The error of this name, of core.p4.
    case noError, packetTooShort, noMatch, stackOutOfBounds, headerTooShort, parserTimeout, parserInvalidArgument
}

/// A line of P4 source.
public struct SourceLine: Sendable, Hashable {
    /// The file, as it was named to the compiler.
    public var file: String
    /// The line's number, from 1.
    public var line: Int

    /// A line by file and number.
    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }
}
