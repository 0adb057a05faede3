// SPDX-License-Identifier: Apache-2.0

public import BPF

/// The programs of the client's role, or of both, loaded and not yet attached, for tests and benchmarks that run them
/// without an interface.
public struct ClientPrograms: ~Copyable, Sendable {
    public let xdp: BPFProgram
    public let egress: BPFProgram
    let maps: HostMaps

    public init(_ options: AttachOptions) throws(BPFError) {
        let loaded = try LoadedPrograms(.of(options, seed: 1))
        let xdp = try loaded.program(at: .xdp).value.copy()
        let egress = try loaded.program(at: .egress).value.copy()
        self.xdp = xdp
        self.egress = egress
        maps = loaded.maps
    }

    public func frameCounts() throws(BPFError) -> FrameCounts { try maps.counts() }

    public func counts() throws(BPFError) -> ClientCounts { try maps.clientCounts() ?? ClientCounts([]) }

    public func reports() throws(BPFError) -> RequestReports {
        try RequestReports(map: maps.map("p4ni_reports").value)
    }
}
