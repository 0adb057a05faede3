// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Journeys
import TelemetryFormats
import Testing

/// INT.p4 takes no memory for a packet, whatever its part on the way.
struct AllocationTests {
    @Test(arguments: Level.allCases)
    func aTransitSwitchAllocatesNothing(level: Level) throws {
        var transit = try INTSwitch(id: 4, level: Int(level.rawValue))
        expectNoAllocation(&transit, Packets.request(carrying: 3, level: level), framesEach: 1)
    }

    @Test(arguments: [Traffic.udp4, .tcp4, .udp6, .tcp6])
    func aFirstSwitchAllocatesNothing(traffic: Traffic) throws {
        var first = try INTSwitch(id: 1)
        expectNoAllocation(&first, Packets.request(traffic), framesEach: 1)
    }

    @Test(arguments: ["in_period 2 3", "one_in 2 3", "per_flow 2 3", "on_change 2 3"])
    func aPolicyAllocatesNothing(policy: String) throws {
        var first = try PolicyTests.node(policy)
        expectNoAllocation(&first, Packets.request(), framesEach: 1)
    }

    /// A sink sends two frames for one: the plain packet, and the collector's copy, a clone at the end of egress.
    @Test func aSinkAllocatesNothing() throws {
        var sink = try INTSwitch(id: 2, commands: "table_add port_role sink 2 =>\nmirroring_add 500 3")
        expectNoAllocation(&sink, Packets.request(carrying: 3, level: .standard), framesEach: 2)
    }

    private func expectNoAllocation(_ tested: inout INTSwitch, _ packet: [UInt8], framesEach: Int) {
        _ = tested.flood(packet, count: 100)
        let before = p4ni_allocation_count()
        let frames = tested.flood(packet, count: 2000)
        #expect(p4ni_allocation_count() == before)
        #expect(frames == 2000 * framesEach)
    }
}
