// SPDX-License-Identifier: Apache-2.0

extension [Double] {
    /// 0 for none.
    var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension Double {
    /// The nearest multiple of a step that is 1 by a whole number.
    func rounded(to step: Double) -> Double { (self * (1 / step).rounded()).rounded() / (1 / step).rounded() }
}
