// SPDX-License-Identifier: Apache-2.0

/// A colour of a drawing, in CSS notation: one for light backgrounds and optionally another for dark ones.
package struct Paint: Sendable, Hashable, ExpressibleByStringLiteral {
    package let light: String
    /// nil: the same as `light`.
    package let dark: String?

    package init(_ light: String, dark: String? = nil) {
        self.light = light
        self.dark = dark
    }

    package init(stringLiteral value: String) { self.init(value) }
}
