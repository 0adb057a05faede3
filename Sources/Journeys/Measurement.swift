// SPDX-License-Identifier: Apache-2.0

/// A value as it was reported, with its accuracy. The unit is that of the property that holds it.
public enum Measurement: Sendable, Hashable {
    /// The value itself.
    case exact(UInt64)
    /// The middle of the values that share one code on the wire. The true value is within `relativeError` times itself.
    case quantized(UInt64, relativeError: Double)
    /// Only the class of the value, with the class's bounds where the reporter's configuration is known.
    case classified(LoadClass, bounds: ClosedRange<UInt64>? = nil)

    /// The number, exact or quantized; nil for a class.
    public var value: UInt64? {
        switch self {
        case .exact(let value), .quantized(let value, _): value
        case .classified: nil
        }
    }

    /// A number of nanoseconds as a duration; nil for a class, and if it is impossible.
    public var duration: Nanoseconds? { value.flatMap(Nanoseconds.init(measured:)) }

    /// The largest relative error: 0 for an exact value, nil for a class.
    public var relativeError: Double? {
        switch self {
        case .exact: 0
        case .quantized(_, let error): error
        case .classified: nil
        }
    }
}

/// The four classes into which a switch sorts a queue's depth or a packet's length, in ascending order.
public enum LoadClass: UInt8, Sendable, Hashable, CaseIterable {
    /// Nothing, or next to nothing.
    case idle = 0
    /// Below the first limit.
    case low = 1
    /// Below the last limit.
    case high = 2
    /// At the last limit or above.
    case critical = 3
}

extension Measurement: CustomStringConvertible {
    /// The number, or the class's name.
    public var description: String {
        switch self {
        case .exact(let value), .quantized(let value, _): "\(value)"
        case .classified(let load, _): "\(load)"
        }
    }
}
