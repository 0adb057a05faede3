// SPDX-License-Identifier: Apache-2.0

import BPF
import Glibc
import LinuxSystem
import Testing

@testable import HostAgent

extension LiveTests {
    @Suite struct PrivateMountsTests {
        /// `ip netns exec` gives its program mounts of its own, with another /sys, that end with the program.
        @Test func attachmentMadeUnderIpNetnsExecOutlivesItAndIsSeenFromOutside() throws {
            try HostLab.with { lab in
                try run("attach", in: lab)
                #expect(try lab.pins()?.contains("link_xdp") == true)
                #expect(try lab.host { try $0.status() }.xdpMode == .native)
                try run("status", in: lab)
                try run("detach", in: lab)
                #expect(try lab.pins() == nil)
            }
        }

        private func run(_ verb: String, in lab: HostLab) throws {
            let binary = try binaryBesideTests()
            var request = SpawnRequest(
                ["ip", "netns", "exec", lab.server.name, binary, "host", verb, "--interface", "eth0"])
            request.output = .discard
            let outcome = try ChildProcess.spawn(request).wait(milliseconds: 20_000)
            #expect(outcome?.isSuccess == true, "host \(verb): \(String(describing: outcome))")
        }
    }
}

/// `swift test` builds the product into the folder of its test bundle.
func binaryBesideTests() throws -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let length = unsafe readlink("/proc/self/exe", &path, path.count - 1)
    let own = String(decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let binary = folder + "/p4netintel"
    try #require(unsafe access(binary, X_OK) == 0, "no \(binary)")
    return binary
}
