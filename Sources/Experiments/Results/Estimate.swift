// SPDX-License-Identifier: Apache-2.0

/// The mean of repeated runs and its confidence interval.
public struct Estimate: Sendable, Hashable {
    /// The arithmetic mean.
    public let mean: Double
    /// The least of the values.
    public let minimum: Double
    /// The largest of the values.
    public let maximum: Double
    /// How many values.
    public let count: Int
    /// Half the width of the mean's 95 % confidence interval by Student's distribution; nil for a single run.
    public let error: Double?

    /// nil without values.
    public init?(_ values: [Double]) {
        guard let least = values.min(), let most = values.max() else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        minimum = least
        maximum = most
        count = values.count
        guard values.count > 1 else {
            error = nil
            return
        }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(values.count - 1)).squareRoot()
        error = Self.student(freedom: values.count - 1) * deviation / Double(values.count).squareRoot()
    }

    /// The two-sided 95 % quantiles of Student's t for 1, 2, … degrees of freedom; beyond these, about the normal distribution's.
    private static func student(freedom: Int) -> Double {
        let quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]
        return freedom <= quantiles.count ? quantiles[freedom - 1] : 2.0
    }
}
