// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How values lie along one side of a plot.
enum Axis {
    case categories([Label])
    case linear(ClosedRange<Double>, step: Double)
    /// Powers of ten.
    case logarithmic(ClosedRange<Double>)

    /// From 0 to a round number beyond all values, with about five steps.
    static func linear(including values: [Double]) -> Axis {
        let most = max(values.max() ?? 1, 1e-9)
        let raw = most / 5
        let magnitude = pow(10, floor(log10(raw)))
        let step = magnitude * ([1, 2, 2.5, 5, 10].first { $0 * magnitude >= raw } ?? 10)
        return .linear(0...step * ceil(most / step), step: step)
    }

    /// For means with their intervals. Those that reach beyond twice the largest mean, as few repetitions give them,
    /// are cut there: they show only that little is known, and would hide the means.
    static func linear(including estimates: [Estimate]) -> Axis {
        let most = estimates.map(\.mean).max() ?? 0
        return .linear(including: estimates.map { min($0.mean + ($0.error ?? 0), 2 * most) })
    }

    /// nil if a value has no logarithm.
    static func logarithmic(including values: [Double]) -> Axis? {
        guard let least = values.min(), let most = values.max(), least > 0 else { return nil }
        let low = pow(10, floor(log10(least)))
        return .logarithmic(low...max(pow(10, ceil(log10(most))), low * 10))
    }

    /// Where a value lies, from 0 to 1; nil for a category that is not there.
    func position(_ label: Label) -> Double? {
        if case .categories(let labels) = self {
            return labels.firstIndex(of: label).map { (Double($0) + 0.5) / Double(labels.count) }
        }
        return label.number.map(position)
    }

    func position(_ value: Double) -> Double {
        switch self {
        case .categories: return 0
        case .linear(let range, _): return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        case .logarithmic(let range):
            let low = log10(range.lowerBound)
            guard value > 0 else { return -1 }
            return (log10(value) - low) / (log10(range.upperBound) - low)
        }
    }

    var ticks: [(position: Double, text: String)] {
        switch self {
        case .categories(let labels): return labels.compactMap { label in position(label).map { ($0, label.text) } }
        case .linear(let range, let step):
            let count = Int((range.upperBound / step).rounded())
            return (0...count).map { index in
                let value = Double(index) * step
                return (position(value), Self.short(value))
            }
        case .logarithmic(let range):
            var ticks: [(Double, String)] = []
            var value = range.lowerBound
            while value <= range.upperBound * 1.001 {
                ticks.append((position(value), Self.short(value)))
                value *= 10
            }
            return ticks
        }
    }

    /// Thousands as k, millions as M; at most three digits after the point.
    static func short(_ value: Double) -> String {
        let (scaled, unit) =
            abs(value) >= 1e6 ? (value / 1e6, "M") : abs(value) >= 1e4 ? (value / 1e3, "k") : (value, "")
        return Label.text(of: (scaled * 1000).rounded() / 1000) + unit
    }
}
