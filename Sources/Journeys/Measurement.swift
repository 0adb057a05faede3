// SPDX-License-Identifier: Apache-2.0

/// A value as a record tells it: measured, measured and rounded at levels 5 and 6, or at level 4 only sorted into one
/// of four classes.
public enum Measurement: Sendable, Hashable {
    case exact(UInt64)
    /// Within 1/16: see `LogarithmicCode`.
    case about(UInt64)
    case classified(LoadClass)

    /// The number, exact or not; nil for a class.
    public var value: UInt64? {
        switch self {
        case .exact(let value), .about(let value): value
        case .classified: nil
        }
    }
}

/// The 2-bit classes of level 4, of a queue's depth or a packet's length.
public enum LoadClass: UInt8, Sendable, Hashable, CaseIterable {
    case idle = 0
    case low = 1
    case high = 2
    case critical = 3
}

extension Measurement: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exact(let value): "\(value)"
        case .about(let value): "\(value)"
        case .classified(let load): "\(load)"
        }
    }
}
