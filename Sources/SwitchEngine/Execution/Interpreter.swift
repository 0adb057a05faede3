// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Runs a program's code over packets: the code, the state its externs keep, and its tables.
struct Interpreter: ~Copyable, Sendable {
    /// What the loop needs of a header's layout.
    struct HeaderShape: BitwiseCopyable, Sendable {
        var fixedBytes: Int
        var varbitMaxBytes: Int
        var maxBytes: Int { fixedBytes + varbitMaxBytes }
    }

    struct StackShape: BitwiseCopyable, Sendable {
        var first: Int
        var count: Int
    }

    /// Where an action begins, and the slots its arguments' words go to: a run of `actionSlots`.
    struct ActionRecord: BitwiseCopyable, Sendable {
        var entry: Int
        var firstSlot: Int
        var slotCount: Int
    }

    /// Continuation state: kept in memory, to leave the registers to the loop.
    struct Flow {
        /// Where `end` leads: the next part of the pipeline.
        var onEnd: InstructionPointer
        /// Where `ret` leads; nil outside an action.
        var returnTo: InstructionPointer?
        /// Jumps backwards that this part may still take.
        var turns: Int

        init(onEnd: InstructionPointer, turns: Int) {
            self.onEnd = onEnd
            self.turns = turns
        }

        @inline(__always)
        func end() -> InstructionPointer { onEnd }
    }

    /// Where a run begins, and where its first part leads when it ends.
    struct Entry: BitwiseCopyable, Sendable {
        var start: Int
        /// The operation after the first part, if something in that part asks for it.
        var onEnd: Int
    }

    struct Entries: BitwiseCopyable, Sendable {
        let parser: Entry
        let arrival: Entry
        let departure: Entry
        let rewriting: Entry

        init(_ translator: Translator) {
            parser = translator.entry(translator.entries.parser)
            arrival = translator.entry(translator.entries.arrival)
            departure = translator.entry(translator.entries.departure)
            rewriting = translator.entry(translator.entries.rewriting)
        }
    }

    let code: OwnedBuffer<Operation>
    /// Instructions that the loop hands on as they are.
    let rareCode: OwnedBuffer<Instruction>
    let entries: Entries
    let actions: OwnedBuffer<ActionRecord>
    let actionSlots: OwnedBuffer<UInt16>
    let headerShapes: OwnedBuffer<HeaderShape>
    let stacks: OwnedBuffer<StackShape>
    /// The header that is never valid.
    let sentinel: Int
    let layout: ContextLayout
    /// Jumps backwards that one parser or control may take: each useful turn of a loop eats a byte.
    let turnLimit: Int
    let keepsOriginal: Bool

    var tables: OwnedArray<MatchTable>
    let registers: OwnedArray<RegisterArray>
    let counters: OwnedArray<CounterArray>
    var meters: OwnedArray<MeterArray>
    var hashInput: HashInput
    let crc16: CRC
    let crc32: CRC
    var customCRC16: CRC
    var customCRC32: CRC
    var random: RandomSource
    let messages: [LogMessage]
    let log: (@Sendable (String) -> Void)?

    var flow: Flow
    /// What the deparser has emitted so far.
    let segments: OwnedBuffer<Segment>
    var segmentCount = 0
    /// The length of that before truncation, and where its last run ends.
    var deparsedBytes = 0
    var deparsedEnd = UInt32.max
    /// The clock that never steps, of the packet being processed.
    var now: UInt64 = 0

    init(_ program: SwitchProgram, _ configuration: Configuration, layout: ContextLayout, keepsOriginal: Bool)
        throws(EngineError)
    {
        let tables = try OwnedArray(count: program.tables.count) { index throws(EngineError) in
            try MatchTable.make(program.tables[index], actions: program.actions)
        }
        let translator = Translator(
            program, layout: layout, keepsOriginal: keepsOriginal, joins: configuration.joinsOperations)
        code = OwnedBuffer(translator.code)
        rareCode = OwnedBuffer(translator.rareCode)
        flow = unsafe Flow(onEnd: InstructionPointer(code.pointer(at: 0)), turns: 0)
        entries = Entries(translator)
        var slots: [UInt16] = []
        var records: [ActionRecord] = []
        for action in program.actions {
            let words = action.parameters.flatMap { parameter in
                (0..<BitString.wordCount(parameter.width)).map { UInt16(parameter.slot + $0) }
            }
            let entry = translator.index(of: action.entry)
            records.append(ActionRecord(entry: entry, firstSlot: slots.count, slotCount: words.count))
            slots += words
        }
        actions = OwnedBuffer(records)
        actionSlots = OwnedBuffer(slots)
        headerShapes = OwnedBuffer(
            program.headers.map { HeaderShape(fixedBytes: $0.fixedBytes, varbitMaxBytes: $0.varbitMaxBytes) })
        stacks = OwnedBuffer(program.stacks.map { StackShape(first: $0.first, count: $0.count) })
        sentinel = program.headers.count - 1
        self.layout = layout
        turnLimit = configuration.maxFrameBytes + 256
        self.keepsOriginal = keepsOriginal
        self.tables = tables
        registers = OwnedArray(count: program.registers.count) { RegisterArray(program.registers[$0]) }
        counters = OwnedArray(count: program.counters.count) { CounterArray(count: program.counters[$0].count) }
        meters = OwnedArray(count: program.meters.count) {
            MeterArray(unit: program.meters[$0].unit, count: program.meters[$0].count)
        }
        hashInput = HashInput(capacity: configuration.maxFrameBytes + 4096)
        crc16 = CRC(.crc16)
        crc32 = CRC(.crc32)
        customCRC16 = CRC(.crc16)
        customCRC32 = CRC(.crc32)
        random = RandomSource(seed: configuration.randomSeed)
        messages = program.messages
        log = configuration.log
        segments = OwnedBuffer(
            count: program.code.count { $0.opcode == .emit } + 2, repeating: Segment(start: 0, count: 0))
        growDirectMeters()
    }

    private mutating func growDirectMeters() {
        for index in 0..<tables.count { growDirectMeter(of: index) }
    }

    /// A direct meter has an element for each entry there may be now.
    mutating func growDirectMeter(of table: Int) {
        guard let meter = tables[table].schema.directMeter else { return }
        meters[meter].grow(to: tables[table].entries.schemas.count)
    }
}
