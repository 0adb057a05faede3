// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HostAgent

@Suite("What is remembered of requests") struct RequestIdentitiesTests {
    @Test func generationsStayBounded() {
        var some = Generations<Int, Int>(capacity: 10)
        for number in 0..<100 { some[number] = number }
        #expect(some.count <= 10)
        #expect(some[99] == 99)
        #expect(some.remove(99) == 99)
        #expect(some[99] == nil)
    }
}
