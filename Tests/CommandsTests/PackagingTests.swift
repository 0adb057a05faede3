// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostAgent
import Testing

/// The examples that `make install` puts beside the programs are what the programs read.
@Suite struct PackagingTests {
    private static let folder = Binary.repository.appending(path: "packaging")

    @Test func configurationIsReadAndSaysWhatTheDefaultsAre() throws {
        let configuration = try HostConfiguration(readingFile: Self.folder.appending(path: "etc/host.yaml").path)
        #expect(configuration.trust == .everyone && configuration.level == 2)
        #expect(configuration.maximumRequests == AttachOptions.defaultMaximumRequests)
        #expect(configuration.rules.map { "\($0)" } == ["udp/53=dns"])
    }

    /// The rows that are commented out are read, too.
    @Test func alternativesInTheConfigurationAreRead() throws {
        let text = try String(contentsOf: Self.folder.appending(path: "etc/host.yaml"), encoding: .utf8)
        let file = FileManager.default.temporaryDirectory.appending(path: "p4ni-test-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.replacing("  # - {", with: "  - {").write(to: file, atomically: true, encoding: .utf8)
        #expect(try HostConfiguration(readingFile: file.path).rules.count == 4)
    }

    private static let values: [Substring: String] = [
        "%I": "p4ni-none", "${COLLECTOR}": "192.0.2.1:9555", "$PROGRAM": "p4/no-such-program.p4",
    ]

    /// Every command of the units is taken: run on an interface that is not there, it gets as far as that.
    @Test func unitsRunCommandsThatExist() throws {
        let units = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: "systemd"), includingPropertiesForKeys: nil)
        var commands: [String] = []
        for unit in units {
            let text = try String(contentsOf: unit, encoding: .utf8)
            commands += text.split(separator: "\n").filter { $0.hasPrefix("Exec") }.map(String.init)
        }
        try #require(commands.count == 7)
        for command in commands {
            let words = try #require(command.split(separator: "/usr/local/bin/p4netintel ").last)
                .split { $0 == " " }.prefix { $0 != ">" }.filter { $0 != "$OPTIONS" }
                .map { Self.values[$0] ?? String($0) }
            let ports = words.first == "switch" ? ["--port", "1=p4ni-none"] : []
            let outcome = try Binary.run(words + ports)
            #expect(outcome.code != 64, "\(command): \(outcome.errors)")
            if words.contains("p4ni-none") { #expect(outcome.errors.contains("p4ni-none"), "\(command)") }
        }
    }
}
