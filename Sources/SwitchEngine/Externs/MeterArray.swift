// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// The two rates of a meter: units (packets or bytes) a microsecond, and bursts in units.
public struct MeterRates: Sendable, Hashable, BitwiseCopyable {
    /// Units per microsecond up to which packets are green.
    public var committedRate: Double
    /// Units that may exceed the committed rate at once.
    public var committedBurst: Double
    /// Units per microsecond up to which packets are yellow.
    public var peakRate: Double
    /// Units that may exceed the peak rate at once.
    public var peakBurst: Double

    /// Both rates with their bursts.
    public init(committedRate: Double, committedBurst: Double, peakRate: Double, peakBurst: Double) {
        self.committedRate = committedRate
        self.committedBurst = committedBurst
        self.peakRate = peakRate
        self.peakBurst = peakBurst
    }
}

/// Meters of two rates and three colours, colour-blind (RFC 2698). One never configured is green.
struct MeterArray: ~Copyable, Sendable {
    struct Element: BitwiseCopyable {
        var isConfigured = false
        var rates = MeterRates(committedRate: 0, committedBurst: 0, peakRate: 0, peakBurst: 0)
        var committedTokens = 0.0
        var peakTokens = 0.0
        /// Nanoseconds of the clock that never steps.
        var last: UInt64 = 0
    }

    static let green: UInt64 = 0
    static let yellow: UInt64 = 1
    static let red: UInt64 = 2

    private let unit: MeterSchema.Unit
    private var elements: OwnedBuffer<Element>

    init(unit: MeterSchema.Unit, count: Int) {
        self.unit = unit
        elements = OwnedBuffer(count: count, repeating: Element())
    }

    var count: Int { elements.count }

    /// Makes room for a direct meter's table, which grows.
    mutating func grow(to count: Int) { elements.grow(to: count, repeating: Element()) }

    /// The colour of a packet of `bytes`; nil when the index is out of range.
    func execute(_ index: UInt64, bytes: UInt32, now: UInt64) -> UInt64? {
        guard index < UInt64(elements.count) else { return nil }
        let place = Int(index)
        guard elements[place].isConfigured else { return Self.green }
        var element = elements[place]
        let size = unit == .packets ? 1 : Double(bytes)
        let elapsed = now > element.last ? Double(now - element.last) / 1000 : 0
        element.last = max(now, element.last)
        let rates = element.rates
        element.peakTokens = min(element.peakTokens + rates.peakRate * elapsed, rates.peakBurst)
        element.committedTokens = min(element.committedTokens + rates.committedRate * elapsed, rates.committedBurst)
        var colour = Self.red
        if element.peakTokens >= size {
            element.peakTokens -= size
            colour = Self.yellow
            if element.committedTokens >= size {
                element.committedTokens -= size
                colour = Self.green
            }
        }
        elements[place] = element
        return colour
    }

    func configure(_ index: Int, _ rates: MeterRates, now: UInt64) {
        elements[index] = Element(
            isConfigured: true, rates: rates, committedTokens: rates.committedBurst, peakTokens: rates.peakBurst,
            last: now)
    }

    func rates(_ index: Int) -> MeterRates? {
        elements[index].isConfigured ? elements[index].rates : nil
    }

    func reset(_ index: Int) { elements[index] = Element() }
}
