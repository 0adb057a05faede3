// SPDX-License-Identifier: Apache-2.0

package import BPF
internal import CHostPrograms
internal import EmbeddedPrograms
internal import HostAgent
internal import LinuxSystem

/// The benchmarks' client side: inserts the telemetry that switches would have added into one request in N, and removes
/// it from replies, for as long as this value lives (bpf/inserter.bpf.c; TCX, Linux 6.6).
package struct TelemetryInserter: ~Copyable {
    private let insertion: BPFMap
    private let egress: BPFLink
    private let xdp: BPFLink
    private var settings = p4ni_insertion()

    /// - Parameters:
    ///   - interface: looked for in the network namespace of the calling thread.
    ///   - front: what a request with telemetry has in place of its Ethernet header: another one, shim and records.
    package init(interface: String, port: UInt16, front: [UInt8]) throws {
        precondition(front.count <= Int(P4NI_INSERT_ROOM), "telemetry of \(front.count) bytes")
        let index = try InterfaceIndex.of(interface)
        let object = try ObjectFile(named: "p4ni_inserter", image: EmbeddedImage.inserter.bytes).load()
        let map = try object.map(named: "p4ni_insertion")
        settings.port = UInt32(port)
        settings.length = UInt32(front.count)
        unsafe withUnsafeMutableBytes(of: &settings.frame) { unsafe $0.copyBytes(from: front) }
        try map.write(settings)
        // A host's program strips replies that have a host record, and keeps nothing of them.
        let strip = try HostPrograms(AttachOptions()).strip.copy()
        let egress = try BPFLink.attachEgress(try object.program(named: "p4ni_insert"), to: index)
        xdp = try BPFLink.attachXDP(strip, to: index, mode: .native)
        self.egress = egress
        insertion = map
    }

    /// - Parameter every: telemetry is inserted into one request in this many; 0: none.
    package mutating func insert(oneIn every: UInt32) throws(BPFError) {
        settings.every = every
        try insertion.write(settings)
    }
}
