// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// A place in the code that a jump can name before it is known.
struct Label: Hashable {
    fileprivate let number: Int
}

/// Instructions as they are made: operands may be slots of no fixed place yet, targets are labels.
struct CodeBuffer {
    struct Pending {
        var opcode: Opcode
        var width: Int
        var a: Int
        var b: Int
        var c: Int
        var d: Int
        /// Of a jump or branch: takes the place of `d`.
        var target: Label?
        var range: SourceRange
    }

    private(set) var code: [Pending] = []
    private(set) var positions: [Int?] = []
    /// The statement that the next instructions come from.
    var range: SourceRange

    var count: Int { code.count }

    mutating func makeLabel() -> Label {
        positions.append(nil)
        return Label(number: positions.count - 1)
    }

    /// Lets a label stand for the next instruction.
    mutating func place(_ label: Label) { positions[label.number] = code.count }

    func position(of label: Label) -> Int { positions[label.number] ?? code.count }

    mutating func emit(_ opcode: Opcode, width: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0, d: Int = 0) {
        code.append(Pending(opcode: opcode, width: width, a: a, b: b, c: c, d: d, target: nil, range: range))
    }

    mutating func branch(_ opcode: Opcode, width: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0, to label: Label) {
        code.append(Pending(opcode: opcode, width: width, a: a, b: b, c: c, d: 0, target: label, range: range))
    }

    mutating func jump(to label: Label) { branch(.jump, to: label) }
}

extension Opcode {
    /// Whether the next instruction is never reached from this one.
    var endsFlow: Bool {
        switch self {
        case .jump, .ret, .end, .rejectParse: true
        default: false
        }
    }
}
