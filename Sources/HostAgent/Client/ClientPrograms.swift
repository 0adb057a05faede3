// SPDX-License-Identifier: Apache-2.0

public import BPF

/// The programs of the client's role, or of both, loaded and not yet attached, for tests and benchmarks that run them
/// without an interface.
public struct ClientPrograms: ~Copyable, Sendable {
    /// The program of the XDP hook.
    public let xdp: BPFProgram
    /// The program of TC egress.
    public let egress: BPFProgram
    let maps: HostMaps

    /// Loads the programs of the role in the options.
    public init(_ options: AttachOptions) throws(BPFError) {
        let loaded = try LoadedPrograms(.of(options, seed: 1))
        let xdp = try loaded.program(at: .xdp).value.copy()
        let egress = try loaded.program(at: .egress).value.copy()
        self.xdp = xdp
        self.egress = egress
        maps = loaded.maps
    }

    /// Frames that arrived, and those of the server role that left, by reason.
    public func frameCounts() throws(BPFError) -> FrameCounts { try maps.counts() }

    /// Frames by what the client role made of them.
    public func counts() throws(BPFError) -> ClientCounts { try maps.clientCounts() ?? ClientCounts([]) }

    /// The reading end of the programs' reports.
    public func reports() throws(BPFError) -> RequestReports {
        try RequestReports(map: maps.map("p4ni_reports").value)
    }
}
