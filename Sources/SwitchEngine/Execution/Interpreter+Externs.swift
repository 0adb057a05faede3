// SPDX-License-Identifier: Apache-2.0

import SwitchIR

extension Interpreter {
    mutating func runExtern(_ i: Instruction, _ context: Context) {
        switch i.opcode {
        case .meter:
            let bytes = context.state.receivedBytes
            if let colour = meters[Int(i.d)].execute(context.slot(i.b), bytes: bytes, now: now) {
                context.set(i.a, colour)
            }
        case .random:
            let (low, high) = (context.slot(i.b), context.slot(i.c))
            if low <= high { context.set(i.a, random.next(from: low, through: high) & lowMask(i.width)) }
        case .hashBegin: hashInput.clear()
        case .hashField:
            let header = context.header(Int(i.b))
            if header.isValid { hashInput.append(context, Int(header.base), bit: Int(i.d), count: Int(i.width)) }
        case .hashVarbit: hashVarbit(Int(i.b), context)
        case .hashSlot: hashSlot(Int(i.b), width: Int(i.width), context)
        case .hashPayload: hashPayload(context)
        case .hashEnd: context.set(i.a, hash(i.d, context) & lowMask(i.width))
        case .hashRange:
            let (base, range) = (context.slot(i.b), context.slot(i.c))
            let sum = range == 0 ? base : base &+ hash(i.d, context) % range
            context.set(i.a, sum & lowMask(i.width))
        case .cloneIngress, .cloneEgress:
            // v1model keeps 15 bits of a session's number.
            context.state.cloneSession = Int32(context.slot(i.b) & 0x7FFF)
            context.state.cloneList = i.d
        case .resubmit, .recirculate: context.state.repeatList = Int32(i.d)
        case .truncate:
            context.state.truncateTo = min(context.state.truncateTo, UInt32(clamping: context.slot(i.b)))
        case .log: write(messages[Int(i.d)], context)
        default: break
        }
    }

    private mutating func hashVarbit(_ index: Int, _ context: Context) {
        let header = context.header(index)
        guard header.isValid, header.varbitBytes > 0 else { return }
        let start = headerShapes[index].fixedBytes
        hashInput.append(context, Int(header.base), bit: start &* 8, count: Int(header.varbitBytes) &* 8)
    }

    private mutating func hashSlot(_ slot: Int, width: Int, _ context: Context) {
        var word = (width &- 1) &>> 6
        var part = width &- word &* 64
        while word >= 0 {
            hashInput.append(context[slot: slot &+ word] & lowMask(UInt16(part)), width: part)
            part = 64
            word &-= 1
        }
    }

    private mutating func hashPayload(_ context: Context) {
        let state = context.state
        let count = min(state.byteCount &- state.cursor, state.truncateTo)
        hashInput.append(context, layout.packet &+ Int(state.cursor), bit: 0, count: Int(count) &* 8)
    }

    mutating func hash(_ algorithm: UInt32, _ context: Context) -> UInt64 {
        switch HashAlgorithm(rawValue: algorithm) {
        case .crc32: hashInput.crc(crc32)
        case .crc32Custom: hashInput.crc(customCRC32)
        case .crc16: hashInput.crc(crc16)
        case .crc16Custom: hashInput.crc(customCRC16)
        case .csum16: hashInput.internetChecksum()
        case .xor16: hashInput.xor16()
        case .identity: hashInput.identity()
        case .random, nil: random.next()
        }
    }

    /// Writes a message with its values. Texts are made here, so a program that logs does allocate.
    mutating func write(_ message: LogMessage, _ context: Context) {
        guard let log else { return }
        var text = ""
        var arguments = message.arguments[...]
        var rest = message.format[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "\\" }) {
            text += rest[..<brace]
            let next = rest.index(after: brace)
            if rest[brace] == "{", next < rest.endIndex, rest[next] == "}", let argument = arguments.popFirst() {
                text += decimal(argument.slot, width: argument.width, context)
                rest = rest[rest.index(after: next)...]
            } else if rest[brace] == "\\", next < rest.endIndex, rest[next] == "{" || rest[next] == "}" {
                text.append(rest[next])
                rest = rest[rest.index(after: next)...]
            } else {
                text.append(rest[brace])
                rest = rest[next...]
            }
        }
        log(text + rest)
    }

    private mutating func decimal(_ slot: Int, width: Int, _ context: Context) -> String {
        if width <= 64 { return String(context[slot: slot]) }
        var words = (0..<BitString.wordCount(width)).map { context[slot: slot + $0] }
        var digits = ""
        repeat {
            var remainder: UInt64 = 0
            for index in words.indices.reversed() {
                (words[index], remainder) = UInt64(10).dividingFullWidth((remainder, words[index]))
            }
            digits = String(remainder) + digits
        } while words.contains { $0 != 0 }
        return digits
    }
}
