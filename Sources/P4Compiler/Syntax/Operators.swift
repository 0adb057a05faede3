// SPDX-License-Identifier: Apache-2.0

/// Prefix operators, by spelling.
enum UnaryOperator: String, Sendable, CaseIterable {
    case not = "!"
    case complement = "~"
    case minus = "-"
    case plus = "+"
}

/// Infix operators, by spelling. `mask` and `range` stand in sets of keys only.
enum BinaryOperator: String, Sendable, CaseIterable {
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    case add = "+"
    case subtract = "-"
    case saturatingAdd = "|+|"
    case saturatingSubtract = "|-|"
    case concatenate = "++"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    case bitAnd = "&"
    case bitXor = "^"
    case bitOr = "|"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case and = "&&"
    case or = "||"
    case mask = "&&&"
    case range = ".."

    /// Greater binds tighter. As in C, but `&`, `^` and `|` bind tighter than the comparisons.
    var precedence: Int {
        switch self {
        case .mask, .range: 1
        case .or: 3
        case .and: 4
        case .equal, .notEqual: 5
        case .less, .lessOrEqual, .greater, .greaterOrEqual: 6
        case .bitOr: 7
        case .bitXor: 8
        case .bitAnd: 9
        case .shiftLeft, .shiftRight: 10
        case .add, .subtract, .saturatingAdd, .saturatingSubtract, .concatenate: 11
        case .multiply, .divide, .modulo: 12
        }
    }
}
