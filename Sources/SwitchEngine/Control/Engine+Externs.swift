// SPDX-License-Identifier: Apache-2.0

public import SwitchIR

/// Registers, counters and meters. `array` is an index into the program's list of that kind; the elements of a
/// direct counter or meter are named by the handles of its table's entries.
extension Engine {
    /// The value of a register's element.
    /// - Throws: `EngineError` if there is no such element.
    public func register(_ array: Int, _ index: Int) throws(EngineError) -> BitString {
        try checkRegister(array, index)
        return interpreter.registers[array][index]
    }

    /// Sets an element to `value` modulo its width.
    public mutating func setRegister(_ array: Int, _ index: Int, _ value: BitString) throws(EngineError) {
        try checkRegister(array, index)
        interpreter.registers[array][index] = value
    }

    /// Sets all elements of a register to 0.
    public mutating func resetRegister(_ array: Int) throws(EngineError) {
        try check(array, program.registers.count, "register")
        interpreter.registers[array].reset()
    }

    /// The value of a counter's element.
    /// - Throws: `EngineError` if there is no such element or entry.
    public func counter(_ array: Int, _ index: Int) throws(EngineError) -> CounterValue {
        if let table = try directTable(counter: array) {
            return try interpreter.tables[table].counter(
                interpreter.tables[table].entries.index(of: index, table: program.tables[table].name))
        }
        try check(index, program.counters[array].count, program.counters[array].name)
        return interpreter.counters[array][index]
    }

    /// Sets a counter's element.
    public mutating func setCounter(_ array: Int, _ index: Int, _ value: CounterValue) throws(EngineError) {
        if let table = try directTable(counter: array) {
            let place = try interpreter.tables[table].entries.index(of: index, table: program.tables[table].name)
            return interpreter.tables[table].setCounter(place, value)
        }
        try check(index, program.counters[array].count, program.counters[array].name)
        interpreter.counters[array][index] = value
    }

    /// Sets all elements of a counter to 0.
    public mutating func resetCounter(_ array: Int) throws(EngineError) {
        if let table = try directTable(counter: array) {
            for index in interpreter.tables[table].entries.schemas.indices {
                interpreter.tables[table].setCounter(index, CounterValue())
            }
        } else {
            interpreter.counters[array].reset()
        }
    }

    /// The rates of a meter; nil if it was never given any.
    public func meterRates(_ array: Int, _ index: Int) throws(EngineError) -> MeterRates? {
        interpreter.meters[array].rates(try meterPlace(array, index))
    }

    /// Gives a meter rates; its buckets are full at `now`.
    public mutating func setMeterRates(_ array: Int, _ index: Int, _ rates: MeterRates, now: PacketTimes)
        throws(EngineError)
    {
        let place = try meterPlace(array, index)
        try checkRates(rates, program.meters[array].name)
        interpreter.meters[array].configure(place, rates, now: now.nanoseconds)
    }

    /// Gives every meter of an array, or every entry's, the same rates.
    public mutating func setMeterRates(_ array: Int, _ rates: MeterRates, now: PacketTimes) throws(EngineError) {
        try check(array, program.meters.count, "meter")
        try checkRates(rates, program.meters[array].name)
        for index in 0..<interpreter.meters[array].count {
            interpreter.meters[array].configure(index, rates, now: now.nanoseconds)
        }
    }

    /// Gives all `crc16_custom` (width 16) or `crc32_custom` (width 32) hashes of the program other parameters.
    public mutating func setCustomCRC(_ parameters: CRCParameters) throws(EngineError) {
        switch parameters.width {
        case 16: interpreter.customCRC16 = CRC(parameters)
        case 32: interpreter.customCRC32 = CRC(parameters)
        default: throw EngineError(.invalidIndex, "crc", "a width of \(parameters.width) bits is not 16 or 32")
        }
    }

    // MARK: Checks

    private func check(_ index: Int, _ count: Int, _ object: String) throws(EngineError) {
        guard (0..<count).contains(index) else {
            throw EngineError(.invalidIndex, object, "index \(index) is not 0 to \(count - 1)")
        }
    }

    private func checkRegister(_ array: Int, _ index: Int) throws(EngineError) {
        try check(array, program.registers.count, "register")
        try check(index, program.registers[array].count, program.registers[array].name)
    }

    private func checkRates(_ rates: MeterRates, _ object: String) throws(EngineError) {
        guard rates.committedRate >= 0, rates.peakRate >= rates.committedRate, rates.peakRate.isFinite else {
            throw EngineError(.invalidInfoRateValue, object, "the peak rate may not be less than the committed rate")
        }
    }

    /// The table whose direct counter this is; nil for an indirect one.
    private func directTable(counter array: Int) throws(EngineError) -> Int? {
        try check(array, program.counters.count, "counter")
        return program.tables.firstIndex { $0.directCounter == array }
    }

    private func meterPlace(_ array: Int, _ index: Int) throws(EngineError) -> Int {
        try check(array, program.meters.count, "meter")
        if let table = program.tables.firstIndex(where: { $0.directMeter == array }) {
            return try interpreter.tables[table].entries.index(of: index, table: program.tables[table].name)
        }
        try check(index, interpreter.meters[array].count, program.meters[array].name)
        return index
    }
}
