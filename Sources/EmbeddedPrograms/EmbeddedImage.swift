// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// A compiled eBPF object of `bpf/`, as the build embedded it (`EmbeddedObjects`).
package struct EmbeddedImage: Sendable, Hashable {
    private let base64: String

    /// - Parameter base64: one of the texts of `EmbeddedObjects`.
    package init(_ base64: String) { self.base64 = base64 }

    /// The object file's bytes.
    package var bytes: [UInt8] {
        guard let data = Data(base64Encoded: base64) else { preconditionFailure("the build embedded no object") }
        return [UInt8](data)
    }

    /// The server's programs: XDP saves and strips telemetry, TC egress restores it.
    package static let host = EmbeddedImage(EmbeddedObjects.host)
    /// The programs that measure the latency breakdown of a server.
    package static let breakdown = EmbeddedImage(EmbeddedObjects.breakdown)
    /// The client's programs, and the server's for a host that is both.
    package static let client = EmbeddedImage(EmbeddedObjects.client)
    /// Programs that do nothing or only the unavoidable, for benchmarks.
    package static let floor = EmbeddedImage(EmbeddedObjects.floor)
    /// The program that sends generated load.
    package static let generator = EmbeddedImage(EmbeddedObjects.generator)
    /// The benchmarks' client side, which inserts and removes telemetry.
    package static let inserter = EmbeddedImage(EmbeddedObjects.inserter)
}
