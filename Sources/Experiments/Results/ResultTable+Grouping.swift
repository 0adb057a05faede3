// SPDX-License-Identifier: Apache-2.0

/// A quantity's estimate over rows with the same labels.
public struct Point: Sendable, Hashable {
    /// The value of the plot's `series`; nil without one.
    public let series: Label?
    /// The value of the setting along the x axis.
    public let x: Label
    /// Of the quantity, over the group's rows.
    public let estimate: Estimate
}

/// Two quantities of a group of rows.
public struct Pair: Sendable, Hashable {
    /// The value of the plot's `series`; nil without one.
    public let series: Label?
    /// The value of the plot's `marks`; nil without one.
    public let mark: Label?
    /// The quantity along the x axis.
    public let x: Estimate
    /// The quantity along the y axis.
    public let y: Estimate
}

extension ResultTable {
    /// One point per value of `x` and of `series`. All other settings are averaged over, so a plot should leave only
    /// repetitions.
    public func points(of quantity: String, by x: String, series: String?, where fixed: [String: Label] = [:])
        -> [Point]
    {
        struct Key: Hashable {
            let series: Label?
            let x: Label
        }
        var order: [Key] = []
        var values: [Key: [Double]] = [:]
        for row in rows where fixed.allSatisfy({ row.labels[$0.key] == $0.value }) {
            guard let at = row.labels[x], let value = row.values[quantity] else { continue }
            let key = Key(series: series.flatMap { row.labels[$0] }, x: at)
            if values[key] == nil { order.append(key) }
            values[key, default: []].append(value)
        }
        return order.compactMap { key in
            Estimate(values[key] ?? []).map { Point(series: key.series, x: key.x, estimate: $0) }
        }
    }

    /// One pair of estimates per value of `series` and of `marks`, over the rows that have both quantities.
    public func pairs(
        of x: String, and y: String, by series: String?, _ marks: String? = nil, where fixed: [String: Label] = [:]
    ) -> [Pair] {
        struct Key: Hashable {
            let series: Label?
            let mark: Label?
        }
        var order: [Key] = []
        var values: [Key: (x: [Double], y: [Double])] = [:]
        for row in rows where fixed.allSatisfy({ row.labels[$0.key] == $0.value }) {
            guard let across = row.values[x], let up = row.values[y] else { continue }
            let key = Key(series: series.flatMap { row.labels[$0] }, mark: marks.flatMap { row.labels[$0] })
            if values[key] == nil { order.append(key) }
            values[key, default: ([], [])].x.append(across)
            values[key, default: ([], [])].y.append(up)
        }
        return order.compactMap { key in
            guard let (xs, ys) = values[key], let x = Estimate(xs), let y = Estimate(ys) else { return nil }
            return Pair(series: key.series, mark: key.mark, x: x, y: y)
        }
    }
}
