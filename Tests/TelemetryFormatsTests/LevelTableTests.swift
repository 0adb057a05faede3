// SPDX-License-Identifier: Apache-2.0

import Foundation
import Journeys
import TelemetryFormats
import Testing

/// The table of levels against itself, P4 and C.
@Suite struct LevelTableTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.repository.appending(path: path), encoding: .utf8)
    }

    @Test func `every level has its row, in the order of the numbers`() {
        #expect(LevelLayout.all.map(\.level) == Level.allCases)
        #expect(Level.allCases.map { Int($0.rawValue) } == Array(Level.range))
        #expect(LevelLayout.all.allSatisfy { $0.fields.allSatisfy { (1...64).contains($0.bits) } })
        #expect(LevelLayout.all.allSatisfy { $0.field(.switchID) != nil })
        // Who announces what follows does it with the last field.
        for layout in LevelLayout.all {
            #expect(layout.fields.dropLast().allSatisfy { $0.content != .nextProtocol }, "level \(layout.level)")
        }
    }

    /// Levels with the same fields share the header of the first of them.
    @Test func `P4 headers have the table's fields, all of them`() throws {
        let headers = try P4Headers(text("p4/INT_headers.p4"))
        var used: Set<String> = []
        for layout in LevelLayout.all {
            let owner = try #require(LevelLayout.all.first { $0.fields == layout.fields })
            let name = "int_hop\(owner.level.rawValue)_t"
            used.insert(name)
            let fields = layout.fields.map { "\($0.name):\($0.bits)" }
            #expect(headers.fields[name] == fields, "level \(layout.level.rawValue)")
        }
        #expect(Set(headers.fields.keys.filter { $0.hasPrefix("int_hop") }) == used)
    }

    @Test func `P4 constants are the table's numbers and sizes`() throws {
        let source = try text("p4/INT_levels.p4")
        for layout in LevelLayout.all {
            let name = "\(layout.level)".uppercased()
            #expect(source.contains("const bit<8> LEVEL_\(name) = \(layout.level.rawValue);"))
            #expect(source.contains("const bit<16> \(name)_BYTES = \(layout.recordSize);"))
            let chained = "LEVEL_\(name): set_layout(\(name)_BYTES, \(layout.isChained ? 1 : 0));"
            #expect(try text("p4/INT_egress.p4").contains(chained))
            #expect(try text("p4/INT_parser.p4").contains("LEVEL_\(name): level\(layout.level.rawValue);"))
        }
        #expect(source.matches(of: /const bit<8> LEVEL_/).count == LevelLayout.all.count)
        #expect(source.contains("#define LEVEL_MAX \(Level.range.upperBound)\n"))
        let reference = "#define REFERENCE_LEVEL_MAX \(ReferenceFormat.levels.upperBound)\n"
        #expect(try text("p4/INT_reference.p4").contains(reference))
        let largest = try #require(LevelLayout.all.map(\.recordSize).max())
        #expect(source.contains("#define MAX_RECORD_BYTES \(largest)\n"))
    }

    @Test func `C constants are the table's numbers and sizes`() throws {
        let source = try text("bpf/include/p4ni_wire.h")
        let largest = try #require(LevelLayout.all.max { $0.recordSize < $1.recordSize })
        var expected = [
            "#define P4NI_LEVEL_MIN \(Level.range.lowerBound)", "#define P4NI_LEVEL_MAX \(Level.range.upperBound)",
            "#define P4NI_RECORD_SIZE_MAX P4NI_RECORD_SIZE_\(largest.level.rawValue)",
        ]
        for layout in LevelLayout.all {
            let number = layout.level.rawValue
            expected.append("#define P4NI_RECORD_SIZE_\(number) \(layout.recordSize)")
            let shift = number == 1 ? "" : " << \((number - 1) * 8)"
            #expect(source.contains("(__u64)P4NI_RECORD_SIZE_\(number)\(shift)"), "level \(number) is not packed")
        }
        let oneHop = LevelLayout.all.filter { $0.coverage == .oneHop }.map(\.level.rawValue)
        expected += oneHop.map { "#define P4NI_LEVEL_CONSTANT \($0)" }
        let chained = LevelLayout.all.filter(\.isChained).map { "1 << \($0.level.rawValue)" }
        expected.append("#define P4NI_CHAINED_LEVELS (\(chained.joined(separator: " | ")))")
        let lines = Set(source.split(separator: "\n").map(String.init))
        for line in expected { #expect(lines.contains(line), "missing: \(line)") }
    }

    /// ReferenceTests compares the layouts.
    @Test func `the documentation has the table's sizes`() throws {
        let sizes = LevelLayout.all.map { "\($0.recordSize)" }.joined(separator: " | ")
        #expect(try text("docs/reference/wire-format.md").contains("| a record | \(sizes) |"))
    }
}

/// The headers of a P4 file: names and fields, such as `enq_qdepth:19`. Names of reserved fields lose their number.
private struct P4Headers {
    var fields: [String: [String]] = [:]

    init(_ source: String) {
        var header: String?
        for line in source.split(separator: "\n") {
            if let match = line.firstMatch(of: /^header (\w+) \{/) {
                header = String(match.1)
                fields[String(match.1)] = []
            } else if line.hasPrefix("}") {
                header = nil
            } else if let header, let match = line.firstMatch(of: /^ +bit<(\d+)> +(\w+);/) {
                let name = match.2.hasPrefix("reserved") ? "reserved" : String(match.2)
                fields[header, default: []].append("\(name):\(match.1)")
            }
        }
    }
}
