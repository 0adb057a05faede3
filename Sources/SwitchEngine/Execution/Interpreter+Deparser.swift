// SPDX-License-Identifier: Apache-2.0

/// The deparser: lists the runs of bytes that make up the outgoing packet. `OutgoingFrame` copies them once.
extension Interpreter {
    @inline(__always)
    mutating func startDeparsing() {
        segmentCount = 0
        deparsedBytes = 0
        deparsedEnd = .max
    }

    /// Emits those of `count` headers from `first` on that are valid. Runs that touch become one: an unchanged packet
    /// leaves in one copy.
    @inline(__always)
    mutating func emit(_ first: Int, count: Int, _ context: Context) {
        var index = first
        let last = first &+ count
        while index < last {
            let header = context.header(index)
            if header.isValid {
                let fixed = UInt32(truncatingIfNeeded: headerShapes[index].fixedBytes)
                appendSegment(header.base, fixed &+ UInt32(header.varbitBytes))
            }
            index &+= 1
        }
    }

    @inline(__always)
    private mutating func appendSegment(_ start: UInt32, _ count: UInt32) {
        if deparsedEnd == start {
            segments[segmentCount &- 1].count &+= count
            deparsedEnd = start &+ count
            deparsedBytes &+= Int(count)
            return
        }
        guard segmentCount < segments.count else { return }
        segments[segmentCount] = Segment(start: start, count: count)
        segmentCount &+= 1
        deparsedEnd = start &+ count
        deparsedBytes &+= Int(count)
    }

    /// Appends the payload to what the deparser emitted; gives the number of bytes that leave.
    @inline(__always)
    mutating func finishDeparsing(_ context: Context) -> Int {
        let payload = context.state.byteCount &- context.state.cursor
        if payload > 0 { appendSegment(UInt32(layout.packet) &+ context.state.cursor, payload) }
        return min(deparsedBytes, Int(context.state.truncateTo))
    }
}
