// SPDX-License-Identifier: Apache-2.0

import SwitchIR

extension Lowering {
    /// Lowers all parts of the program; nil after an error.
    func lower(name: String) -> SwitchProgram? {
        guard let main = program.main else {
            error("the program has no 'main': it needs V1Switch(…) main;", at: code.range)
            return nil
        }
        guard case .package(let package, _) = main.type, package.name == "V1Switch" else {
            unsupported("a package other than V1Switch", at: main.range)
            return nil
        }
        let blocks = main.arguments.compactMap(block)
        guard blocks.count == 6 else {
            error("V1Switch needs its parser, four controls and deparser", at: main.range)
            return nil
        }
        layOutMetadata(of: blocks[0])
        declareTopLevelObjects()
        let hdr = blocks[0].parameters[1]
        let headerStorage = makeHeaders(for: hdr.type, named: hdr.name)
        let entries = blocks.enumerated().map { index, block in
            lower(block, Self.sections[index], headers: headerStorage)
        }
        lowerActions()
        return diagnostics.hasErrors ? nil : assemble(name: name, entries: entries)
    }

    private static let sections: [Section] = [.parser, .verifyChecksum, .ingress, .egress, .computeChecksum, .deparser]

    private func block(_ argument: TypedExpression?) -> BlockSymbol? {
        switch argument?.kind {
        case .construction(let instance), .instance(let instance):
            if case .block(let symbol) = instance.type { symbol } else { nil }
        default: nil
        }
    }

    /// Standard metadata has its slots by contract; the user's follow.
    private func layOutMetadata(of parser: BlockSymbol) {
        frame.metadataEnd = StandardMetadata.allCases.count
        let (user, standard) = (parser.parameters[2], parser.parameters[3])
        standardMetadata = .members(
            (standard.type.record?.fields ?? []).map { field in
                guard let known = StandardMetadata.allCases.first(where: { $0.name == field.name }) else {
                    unsupported("the field '\(field.name)' of standard metadata", at: field.range)
                    return .slots(0)
                }
                return .slots(known.slot)
            })
        let storage = makeStorage(for: user.type, named: user.name) { self.frame.allocateMetadata(width: $0) }
        userMetadata = (user.type, storage)
        collectFieldLists(user.type, storage)
    }

    private func makeHeaders(for type: P4Type, named name: String) -> Storage {
        makeStorage(for: type, named: name) { self.frame.allocatePersistent(width: $0) }
    }

    private func declareTopLevelObjects() {
        for symbol in program.topLevelInstances {
            if case .package = symbol.type { continue }
            topLevelObjects[symbol] = makeObject(symbol, named: controlPlaneName(of: symbol.name, symbol.annotations))
        }
    }

    /// Lowers one part of the switch and returns where it begins.
    private func lower(_ symbol: BlockSymbol, _ section: Section, headers: Storage) -> Label {
        self.section = section
        code.range = symbol.range
        let entry = code.makeLabel()
        code.place(entry)
        let instance = BlockInstance(symbol: symbol, name: controlPlaneName(of: symbol.name, symbol.annotations))
        elaborate(instance)
        storages = instance.known
        let metadata = userMetadata?.storage ?? .members([])
        let arguments: [Storage] =
            switch section {
            case .parser: [.packet, headers, metadata, standardMetadata]
            case .ingress, .egress: [headers, metadata, standardMetadata]
            case .verifyChecksum, .computeChecksum: [headers, metadata]
            case .deparser: [.packet, headers]
            }
        for (parameter, storage) in zip(symbol.parameters, arguments) { storages[parameter] = storage }
        withTemporaries {
            if symbol.isParser {
                lowerParser(instance, accept: nil)
            } else {
                lowerControl(instance)
            }
        }
        code.emit(.end)
        return entry
    }

    private func assemble(name: String, entries: [Label]) -> SwitchProgram? {
        headers.append(HeaderLayout(name: "(none)", fields: [], fixedBytes: 0))
        let layout = CodeLayout(code, roots: entries + actions.map(\.entry))
        let limit = Int(UInt16.max)
        guard frame.localsEnd + frame.constants.count <= limit, headers.count <= limit else {
            error("the program is too large: it needs more than \(limit) slots or headers", at: code.range)
            return nil
        }
        let (instructions, ranges, place) = layout.finish(frame)
        let lines = ranges.map { range in
            let place = diagnostics.sources.place(of: range)
            return SourceLine(file: place.file, line: place.line)
        }
        return SwitchProgram(
            name: name, headers: headers, stacks: stacks,
            frame: FrameLayout(metadataEnd: frame.metadataEnd, localsEnd: frame.localsEnd, constants: frame.constants),
            code: instructions, locations: lines,
            entries: EntryPoints(
                parser: place(entries[0]), verifyChecksum: place(entries[1]), ingress: place(entries[2]),
                egress: place(entries[3]), computeChecksum: place(entries[4]), deparser: place(entries[5])),
            actions: actions.map { $0.schema(entry: place($0.entry), frame) }, tables: tables.map(resolved),
            registers: registers, counters: counters, meters: meters, fieldLists: fieldLists,
            messages: messages.map(resolved), errors: program.errors)
    }

    private func resolved(_ table: TableSchema) -> TableSchema {
        var result = table
        for index in result.keys.indices { result.keys[index].slot = frame.resolve(result.keys[index].slot) }
        result.directMeterSlot = result.directMeterSlot.map(frame.resolve)
        return result
    }

    private func resolved(_ message: LogMessage) -> LogMessage {
        LogMessage(
            format: message.format, arguments: message.arguments.map { (slot: frame.resolve($0.slot), width: $0.width) }
        )
    }

    /// The lists that `@field_list` makes of the user's metadata (v1model).
    private func collectFieldLists(_ type: P4Type, _ storage: Storage) {
        var lists: [Int: [Range<Int>]] = [:]
        func add(_ type: P4Type, _ storage: Storage, to ids: [Int], at range: SourceRange) {
            switch storage {
            case .slots(let slot):
                for id in ids { lists[id, default: []].append(slot..<slot + max(1, (width(of: type) + 63) / 64)) }
            case .members(let members):
                let fields = type.record?.fields
                for (index, (member, inner)) in zip(members, type.members ?? []).enumerated() {
                    let own = fields?[index].fieldLists ?? []
                    add(inner, member, to: ids + own.filter { !ids.contains($0) }, at: fields?[index].range ?? range)
                }
            default:
                if !ids.isEmpty { unsupported("a header in a field list", at: range) }
            }
        }
        add(type, storage, to: [], at: code.range)
        for id in lists.keys.sorted() { fieldLists.append(FieldList(id: id, slots: lists[id] ?? [])) }
    }

    /// The index of a list; a list that no field names is empty.
    func fieldList(_ id: Int?) -> Int {
        if let known = fieldLists.firstIndex(where: { $0.id == id }) { return known }
        fieldLists.append(FieldList(id: id, slots: []))
        return fieldLists.count - 1
    }
}
