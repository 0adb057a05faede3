// SPDX-License-Identifier: Apache-2.0

/// A generator whose numbers are those of its seed, so that a frame that was once found can be made again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    mutating func one<Element>(of choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    mutating func happens(in percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// A frame as nobody should send it: a valid one to which none, one or several things have happened.
struct FuzzedFrame {
    private(set) var bytes: [UInt8]
    /// Where the shim is, if the tags were left alone.
    private let shim: Int

    init(using random: inout SeededGenerator) {
        let request = Self.valid(using: &random)
        bytes = request.bytes
        shim = request.link(0).count
        // One in five stays as it is.
        for _ in 0..<random.one(of: [0, 1, 1, 1, 2, 2, 3, 8, 1, 0]) { mutate(using: &random) }
    }

    private static func valid(using random: inout SeededGenerator) -> RequestFrame {
        var request = RequestFrame()
        request.level = Int.random(in: 1...6, using: &random)
        request.shimLevel = request.level < 5 && random.happens(in: 20) ? 0 : nil
        request.records = random.one(of: [1, 1, 2, 3, 5, 9, 18, 20])
        request.tags = random.one(of: [[], [], [], [7], [7, 9]])
        request.family = random.one(of: [.ipv4, .ipv4, .ipv6])
        if request.family == .ipv6, request.level > 4 { request.flags |= 0x20 }
        request.ipOptions = request.family == .ipv4 ? random.one(of: [0, 0, 0, 4, 40]) : 0
        request.requestID = UInt32.random(in: 0...UInt32.max, using: &random)
        request.sourcePort = UInt16.random(in: 1...UInt16.max, using: &random)
        request.seed = UInt8.random(in: 0...255, using: &random)
        request.payload = (0..<random.one(of: [0, 1, 20, 300])).map { _ in UInt8.random(in: 0...255, using: &random) }
        if request.shimLevel != 0 {
            request.forward = UInt8.random(in: 0...UInt8(request.records), using: &random)
            request.hasSource = random.happens(in: 20)
            if request.hasSource { request.flags |= 0x08 }
            if random.happens(in: 20) {
                request.flags |= 0x80
                request.hostRecord = request.innerType
                request.hostRecordIsExtended = request.level > 4 || random.happens(in: 50)
            }
        }
        return request
    }

    private mutating func mutate(using random: inout SeededGenerator) {
        switch Int.random(in: 0..<9, using: &random) {
        case 0: bytes.removeLast(min(bytes.count - 14, Int.random(in: 1...bytes.count, using: &random)))
        case 1: bytes += (0..<Int.random(in: 1...64, using: &random)).map { _ in 0 }
        case 2: set(shim, to: random.one(of: [0, 1, 2, 3, 4, 5, 6, 7, 15, 16, 255]))
        case 3: set(shim + 3, to: random.one(of: [0, 1, 2, 3, 4, 19, 20, 21, 128, 255]))
        case 4: set(shim + Int.random(in: 1...2, using: &random), to: UInt8.random(in: 0...255, using: &random))
        case 5: setType(using: &random)
        case 6: insertShim()
        case 7:
            set(Int.random(in: 12..<max(13, bytes.count), using: &random), to: random.one(of: [0, 1, 127, 128, 255]))
        default: flip(using: &random)
        }
    }

    private mutating func set(_ offset: Int, to value: UInt8) {
        if offset < bytes.count { bytes[offset] = value }
    }

    /// Any two bytes after the shim become a type that means something in a chain.
    private mutating func setType(using random: inout SeededGenerator) {
        guard bytes.count > shim + 8 else { return }
        let offset = Int.random(in: (shim + 4)..<(bytes.count - 1), using: &random)
        let types: [UInt16] = [0x1212, 0x1213, 0x1214, 0x1216, 0x1217, 0x0800, 0x86dd, 0x8100]
        bytes.replaceSubrange(offset..<offset + 2, with: big(random.one(of: types)))
    }

    /// The telemetry once more, in front of itself.
    private mutating func insertShim() {
        guard bytes.count > shim else { return }
        bytes.insert(contentsOf: bytes[shim..<min(bytes.count, shim + 40)], at: shim)
    }

    private mutating func flip(using random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...16, using: &random) {
            set(
                Int.random(in: 12..<max(13, bytes.count), using: &random), to: UInt8.random(in: 0...255, using: &random)
            )
        }
    }
}
