// SPDX-License-Identifier: Apache-2.0

/// Colours that are distinguishable with any kind of colour vision (Okabe and Ito's), then shades of them.
package enum Palette {
    private static let colors = [
        "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000", "#7F7F7F", "#8DA0CB",
        "#A6761D", "#66A61E",
    ]

    package static func color(_ index: Int) -> Paint { Paint(colors[index % colors.count]) }
}
