// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Ternary, range and optional matches: rules in the order they win, tried one after the other.
///
/// A rule is two words for each word of the key. A range field's are its low and high end; every other
/// field's are value and mask.
struct RuleList: ~Copyable, Sendable {
    struct FieldWords: BitwiseCopyable {
        var first: Int
        var count: Int
        var isRange: Bool
    }

    private let words: Int
    private let stride: Int
    private let fields: OwnedBuffer<FieldWords>
    private let hasRanges: Bool
    private var rules: OwnedBuffer<UInt64>
    private var order: OwnedBuffer<Int32>
    private var priorities: OwnedBuffer<Int>
    private(set) var count = 0

    init(_ shape: KeyShape) {
        words = shape.words
        stride = shape.words * 2
        fields = OwnedBuffer(
            shape.fields.map { FieldWords(first: $0.first, count: $0.count, isRange: $0.match == .range) })
        hasRanges = shape.fields.contains { $0.match == .range }
        rules = OwnedBuffer(count: 8 * stride, repeating: 0)
        order = OwnedBuffer(count: 8, repeating: 0)
        priorities = OwnedBuffer(count: 8, repeating: 0)
    }

    /// The first rule's entry that matches, or -1.
    func find(_ key: borrowing OwnedBuffer<UInt64>) -> Int {
        for rule in 0..<count {
            if hasRanges ? matchesFields(rule, key) : matchesMasks(rule, key) { return Int(order[rule]) }
        }
        return -1
    }

    @inline(__always)
    private func matchesMasks(_ rule: Int, _ key: borrowing OwnedBuffer<UInt64>) -> Bool {
        let start = rule &* stride
        for word in 0..<words where key[word] & rules[start &+ word &* 2 &+ 1] != rules[start &+ word &* 2] {
            return false
        }
        return true
    }

    private func matchesFields(_ rule: Int, _ key: borrowing OwnedBuffer<UInt64>) -> Bool {
        let start = rule &* stride
        for index in 0..<fields.count {
            let field = fields[index]
            if field.isRange {
                if !isWithin(start, field, key) { return false }
            } else {
                for word in field.first..<field.first &+ field.count
                where key[word] & rules[start &+ word &* 2 &+ 1] != rules[start &+ word &* 2] {
                    return false
                }
            }
        }
        return true
    }

    private func isWithin(_ start: Int, _ field: FieldWords, _ key: borrowing OwnedBuffer<UInt64>) -> Bool {
        compare(key, field, with: start) >= 0 && compare(key, field, with: start &+ 1) <= 0
    }

    /// -1, 0 or 1 as the key's field is less than, equal to or greater than the end whose words begin at `end`.
    private func compare(_ key: borrowing OwnedBuffer<UInt64>, _ field: FieldWords, with end: Int) -> Int {
        var word = field.first &+ field.count &- 1
        while word >= field.first {
            let other = rules[end &+ word &* 2]
            if key[word] != other { return key[word] < other ? -1 : 1 }
            word &-= 1
        }
        return 0
    }

    // MARK: Changes

    /// Adds a rule after those of a smaller priority number, and of the same one with a smaller entry.
    mutating func insert(_ keys: [KeyMatch], shape: KeyShape, priority: Int, entry: Int) {
        if count == order.count { enlarge() }
        var place = count
        while place > 0, (priorities[place - 1], Int(order[place - 1])) > (priority, entry) {
            move(place - 1, to: place)
            place -= 1
        }
        for (field, key) in zip(shape.fields, keys) { write(key, field, rule: place) }
        order[place] = Int32(entry)
        priorities[place] = priority
        count += 1
    }

    mutating func remove(entry: Int) {
        guard var place = (0..<count).first(where: { order[$0] == Int32(entry) }) else { return }
        count -= 1
        while place < count {
            move(place + 1, to: place)
            place += 1
        }
    }

    private func move(_ source: Int, to target: Int) {
        for word in 0..<stride { rules[target * stride + word] = rules[source * stride + word] }
        order[target] = order[source]
        priorities[target] = priorities[source]
    }

    private func write(_ key: KeyMatch, _ field: KeyShape.Field, rule: Int) {
        let pair: (BitString, BitString) =
            switch key {
            case .exact(let value): (value, KeyShape.prefixMask(field.width, width: field.width))
            case .lpm(let value, let length): (value, KeyShape.prefixMask(length, width: field.width))
            case .ternary(let value, let mask): (value, mask)
            case .range(let low, let high): (low, high)
            }
        for word in 0..<field.count {
            rules[rule * stride + (field.first + word) * 2] = pair.0.words[word]
            rules[rule * stride + (field.first + word) * 2 + 1] = pair.1.words[word]
        }
    }

    private mutating func enlarge() {
        let capacity = order.count * 2
        rules.grow(to: capacity * stride, repeating: 0)
        order.grow(to: capacity, repeating: 0)
        priorities.grow(to: capacity, repeating: 0)
    }
}
