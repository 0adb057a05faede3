// SPDX-License-Identifier: Apache-2.0

public import SwitchIR

extension SwitchProgram {
    /// What the program declares, as `compile` prints it: one line a thing, aligned by kind.
    public var summary: String {
        var lines = [
            "program \(name): \(code.count) instructions, \(frame.slotCount) slots, \(headers.count - 1) headers"
        ]
        for header in headers.dropLast() {
            let varbit = header.varbitMaxBytes > 0 ? " + up to \(header.varbitMaxBytes)" : ""
            lines.append("header   \(header.name): \(header.fixedBytes)\(varbit) bytes")
        }
        for table in tables {
            let keys = table.keys.map { "\($0.name): \($0.match.rawValue)" }.joined(separator: ", ")
            let names = table.actions.map { actions[$0.action].name }.joined(separator: ", ")
            lines.append("table    \(table.name) { \(keys) } size \(table.size), actions \(names)")
        }
        for action in actions {
            let parameters = action.parameters.map { "bit<\($0.width)> \($0.name)" }.joined(separator: ", ")
            lines.append("action   \(action.name)(\(parameters))")
        }
        for register in registers {
            lines.append("register \(register.name): \(register.count) of \(register.width) bits")
        }
        for counter in counters {
            lines.append("counter  \(counter.name)" + (counter.count == 0 ? ": one an entry" : ": \(counter.count)"))
        }
        for meter in meters {
            lines.append("meter    \(meter.name)" + (meter.count == 0 ? ": one an entry" : ": \(meter.count)"))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
