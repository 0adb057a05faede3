// SPDX-License-Identifier: Apache-2.0

import SwitchIR

extension Lowering {
    /// Room for a value of a type. Scalars get slots from `allocate`, headers become header instances.
    func makeStorage(for type: P4Type, named name: String, allocate: (Int) -> Slot) -> Storage {
        switch type.underlying {
        case .record(let record) where record.flavour == .header:
            return .header(.fixed(makeHeader(record, named: name)))
        case .record(let record):
            let first = headers.count
            let members = record.fields.map { field in
                makeStorage(for: field.type, named: "\(name).\(field.name)", allocate: allocate)
            }
            if record.flavour == .headerUnion {
                let all = Array(first..<headers.count)
                for header in all { unionPeers[header] = all.filter { $0 != header } }
            }
            return .members(members)
        case .tuple(let types):
            return .members(
                types.enumerated().map { makeStorage(for: $1, named: "\(name)[\($0)]", allocate: allocate) })
        case .stack(let element, let size): return makeStack(of: element, size, named: name)
        case .varbit:
            unsupported("a varbit outside a header", at: code.range)
            return .slots(allocate(64))
        default:
            return .slots(allocate(type.width ?? 64))
        }
    }

    /// Room for a local value.
    func makeTemporary(for type: P4Type, named name: String = "temporary") -> Storage {
        makeStorage(for: type, named: name) { self.frame.allocate(width: $0) }
    }

    private func makeStack(of element: P4Type, _ size: Int, named name: String) -> Storage {
        guard let record = element.record, record.flavour == .header else {
            unsupported("a stack of header unions", at: code.range)
            return .members([])
        }
        let first = headers.count
        for index in 0..<size { _ = makeHeader(record, named: "\(name)[\(index)]") }
        stacks.append(HeaderStack(name: name, first: first, count: size))
        return .stack(stacks.count - 1)
    }

    private func makeHeader(_ record: RecordType, named name: String) -> Int {
        var fields: [HeaderField] = []
        var offset = 0
        func add(_ record: RecordType, prefix: String) {
            for field in record.fields {
                switch field.type.underlying {
                case .record(let inner): add(inner, prefix: prefix + field.name + ".")
                case .varbit(let width):
                    fields.append(
                        HeaderField(name: prefix + field.name, bitOffset: offset, width: width, isVarbit: true))
                default:
                    let width = field.type.width ?? 0
                    fields.append(HeaderField(name: prefix + field.name, bitOffset: offset, width: width))
                    offset += width
                }
            }
        }
        add(record, prefix: "")
        measure(record, bits: offset, fields)
        let varbit = fields.first(where: \.isVarbit)?.width ?? 0
        headers.append(
            HeaderLayout(name: name, fields: fields, fixedBytes: (offset + 7) / 8, varbitMaxBytes: (varbit + 7) / 8))
        return headers.count - 1
    }

    private func measure(_ record: RecordType, bits: Int, _ fields: [HeaderField]) {
        guard measured.insert(record).inserted else { return }
        if bits % 8 != 0 {
            error("header '\(record.name)' has \(bits) bits: it must be whole bytes", at: record.range)
        }
        if fields.dropLast().contains(where: \.isVarbit) {
            unsupported("a varbit that isn't the last field of its header", at: record.range)
        }
    }

    /// Where field `index` of a header lies: one place, or one a scalar if it is a struct.
    func place(ofField index: Int, in record: RecordType, of header: HeaderReference, base: Int = 0) -> Storage {
        var offset = base
        for field in record.fields.prefix(index) { offset += bits(of: field.type) }
        return place(of: record.fields[index].type, at: offset, in: header)
    }

    private func place(of type: P4Type, at offset: Int, in header: HeaderReference) -> Storage {
        switch type.underlying {
        case .varbit: return .varbit(header)
        case .record(let record):
            return .members(record.fields.indices.map { place(ofField: $0, in: record, of: header, base: offset) })
        default: return .field(header, FieldPlace(offset: offset, width: type.width ?? 0))
        }
    }

    private func bits(of type: P4Type) -> Int {
        if case .record(let record) = type.underlying { return record.fixedBits }
        return type.width ?? 0
    }
}
