// SPDX-License-Identifier: Apache-2.0

import Documents
import SwitchEngine
import SwitchIR

/// Commands about registers, counters, meters and hashes.
extension ControlPlane {
    static let externCommands: [String: Command] = [
        "register_read": Command("NAME [INDEX]", 1...2) { control, arguments, engine throws(InputError) in
            let array = try control.names.register(arguments[0])
            let schema = control.names.program.registers[array]
            let index = try arguments.optionalNumber(1, "index")
            var values: [String] = []
            for place in index.map({ $0...$0 }).map(Array.init) ?? Array(0..<schema.count) {
                let value = try engineCall { () throws(EngineError) in try engine.register(array, place) }
                values.append(ValueText.text(value))
            }
            let place = index.map { "[\($0)]" } ?? ""
            return ["\(schema.name)\(place)= \(values.joined(separator: ", "))"]
        },
        "register_write": Command("NAME INDEX VALUE", 3...3) { control, arguments, engine throws(InputError) in
            let array = try control.names.register(arguments[0])
            let width = control.names.program.registers[array].width
            let index = try arguments.number(1, "index")
            let value = try ValueText.parse(arguments[2], width: width)
            try engineCall { () throws(EngineError) in try engine.setRegister(array, index, value) }
            return []
        },
        "register_reset": Command("NAME", 1...1) { control, arguments, engine throws(InputError) in
            let array = try control.names.register(arguments[0])
            try engineCall { () throws(EngineError) in try engine.resetRegister(array) }
            return []
        },
        "counter_read": Command("NAME INDEX", 2...2) { control, arguments, engine throws(InputError) in
            let array = try control.names.counter(arguments[0])
            let index = try arguments.number(1, "index")
            let value = try engineCall { () throws(EngineError) in try engine.counter(array, index) }
            let name = control.names.program.counters[array].name
            return ["\(name)[\(index)]= (\(value.bytes) bytes, \(value.packets) packets)"]
        },
        "counter_write": Command("NAME INDEX PACKETS BYTES", 4...4) { control, arguments, engine throws(InputError) in
            let array = try control.names.counter(arguments[0])
            let index = try arguments.number(1, "index")
            let packets = try arguments.number(2, "packets")
            let value = CounterValue(packets: UInt64(packets), bytes: UInt64(try arguments.number(3, "bytes")))
            try engineCall { () throws(EngineError) in try engine.setCounter(array, index, value) }
            return []
        },
        "counter_reset": Command("NAME", 1...1) { control, arguments, engine throws(InputError) in
            let array = try control.names.counter(arguments[0])
            try engineCall { () throws(EngineError) in try engine.resetCounter(array) }
            return []
        },
        "meter_set_rates": Command("NAME INDEX RATE:BURST RATE:BURST", 4...4) {
            control, arguments, engine throws(InputError) in
            let array = try control.names.meter(arguments[0])
            let index = try arguments.number(1, "index")
            let rates = try Self.rates(arguments[2], arguments[3])
            let now = arguments.now
            try engineCall { () throws(EngineError) in try engine.setMeterRates(array, index, rates, now: now) }
            return []
        },
        "meter_array_set_rates": Command("NAME RATE:BURST RATE:BURST", 3...3) {
            control, arguments, engine throws(InputError) in
            let array = try control.names.meter(arguments[0])
            let rates = try Self.rates(arguments[1], arguments[2])
            let now = arguments.now
            try engineCall { () throws(EngineError) in try engine.setMeterRates(array, rates, now: now) }
            return []
        },
        "meter_get_rates": Command("NAME INDEX", 2...2) { control, arguments, engine throws(InputError) in
            let array = try control.names.meter(arguments[0])
            let index = try arguments.number(1, "index")
            let name = control.names.program.meters[array].name
            let rates = try engineCall { () throws(EngineError) in try engine.meterRates(array, index) }
            guard let rates else { return ["\(name)[\(index)]: never configured"] }
            return [
                "\(name)[\(index)]: \(rates.committedRate):\(rates.committedBurst) \(rates.peakRate):\(rates.peakBurst)"
            ]
        },
        "set_crc16_parameters": Command("NAME POLY INIT XOROUT REFLECT_IN REFLECT_OUT", 6...6) {
            control, arguments, engine throws(InputError) in try control.setCRC(16, .crc16Custom, arguments, &engine)
        },
        "set_crc32_parameters": Command("NAME POLY INIT XOROUT REFLECT_IN REFLECT_OUT", 6...6) {
            control, arguments, engine throws(InputError) in try control.setCRC(32, .crc32Custom, arguments, &engine)
        },
    ]

    /// Committed and peak rate with their bursts: units a microsecond, units.
    private static func rates(_ committed: String, _ peak: String) throws(InputError) -> MeterRates {
        let (first, second) = (try pair(committed), try pair(peak))
        return MeterRates(committedRate: first.0, committedBurst: first.1, peakRate: second.0, peakBurst: second.1)
    }

    private static func pair(_ text: String) throws(InputError) -> (Double, Double) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let rate = Double(parts[0]), let burst = Double(parts[1]), rate >= 0, burst >= 0,
            rate.isFinite, burst.isFinite
        else { throw InputError("'\(text)' is not written RATE:BURST, in units a microsecond and units") }
        return (rate, burst)
    }

    /// Call sites have no names here: the command serves programs with one hash of the kind.
    private func setCRC(
        _ width: Int, _ algorithm: HashAlgorithm, _ arguments: Arguments, _ engine: inout Engine
    ) throws(InputError) -> [String] {
        let sites = names.program.code.count {
            ($0.opcode == .hashEnd || $0.opcode == .hashRange) && $0.d == algorithm.rawValue
        }
        guard sites == 1 else {
            throw InputError(
                "\(names.program.name) has \(sites) hashes with crc\(width)_custom, and exactly one is needed")
        }
        func value(_ index: Int) throws(InputError) -> UInt32 {
            UInt32(truncatingIfNeeded: try ValueText.parse(arguments[index], width: width).words[0])
        }
        func flag(_ index: Int) throws(InputError) -> Bool {
            switch arguments[index].lowercased() {
            case "1", "true": return true
            case "0", "false": return false
            default: throw InputError("'\(arguments[index])' is not true or false")
            }
        }
        let parameters = CRCParameters(
            width: width, polynomial: try value(1), initial: try value(2), finalXor: try value(3),
            reflectsInput: try flag(4), reflectsOutput: try flag(5))
        try engineCall { () throws(EngineError) in try engine.setCustomCRC(parameters) }
        return []
    }
}
