// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwitchRuntime

struct DelayLineTests {
    private func append(_ line: inout DelayLine, _ bytes: [UInt8], due: UInt64) -> Bool {
        line.append(byteCount: bytes.count, due: due) { target in
            for (index, byte) in bytes.enumerated() { target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
        }
    }

    private func remove(_ line: inout DelayLine, _ now: UInt64) -> [UInt8]? {
        var bytes: [UInt8]?
        let isTaken = line.removeDue(now) { span, _ in
            bytes = span.indices.map { span[$0] }
        }
        #expect(isTaken == (bytes != nil))
        return bytes
    }

    @Test func framesComeOutInOrderWhenTheyAreDue() {
        var line = DelayLine(capacity: 1024)
        #expect(line.nextDue == nil)
        #expect(append(&line, [1, 2, 3], due: 10))
        #expect(append(&line, [], due: 20))
        #expect(line.nextDue == 10)
        #expect(remove(&line, 9) == nil)
        #expect(remove(&line, 10) == [1, 2, 3])
        #expect(remove(&line, 10) == nil)
        #expect(remove(&line, 30) == [])
        #expect(line.nextDue == nil)
    }

    @Test func aFullLineRefusesByBytesAndByFrames() {
        var line = DelayLine(capacity: 64, maxFrames: 10)
        #expect(append(&line, [UInt8](repeating: 1, count: 16), due: 0))
        #expect(append(&line, [UInt8](repeating: 2, count: 16), due: 0))
        #expect(!append(&line, [3], due: 0))
        #expect(remove(&line, 0)?.first == 1)
        #expect(append(&line, [3], due: 0))
        #expect(remove(&line, 0)?.first == 2)
        #expect(remove(&line, 0) == [3])
        var short = DelayLine(capacity: 4096, maxFrames: 2)
        #expect(append(&short, [1], due: 0) && append(&short, [1], due: 0) && !append(&short, [1], due: 0))
    }

    /// Random frames through a small line against a plain queue: none is lost, changed or reordered.
    @Test(arguments: [1, 2, 3] as [UInt64]) func framesGoRoundTheEndUnchanged(seed: UInt64) {
        var random = seed
        func next(_ limit: UInt64) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % limit)
        }
        var line = DelayLine(capacity: 512)
        var model: [[UInt8]] = []
        var refused = 0
        for step in 0..<20_000 {
            if next(2) == 0 {
                let bytes = (0..<next(100)).map { UInt8(truncatingIfNeeded: step + $0) }
                if append(&line, bytes, due: UInt64(step)) { model.append(bytes) } else { refused += 1 }
            } else {
                #expect(remove(&line, .max) == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(line.count == model.count)
        }
        #expect(refused > 0)
    }
}
