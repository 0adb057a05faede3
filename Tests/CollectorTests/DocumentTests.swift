// SPDX-License-Identifier: Apache-2.0

@testable import Collector
import FoundationEssentials
import Journeys
import TelemetryFormats
import Testing

@Suite struct DocumentTests {
    /// A row's values by the header's names.
    private func values(_ journey: Journey, isWide: Bool = true) throws -> [String: String] {
        func cells(_ line: String) -> [String] {
            line.dropLast().split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let header = cells(JourneyCSV.header(isWide: isWide))
        let row = cells(JourneyCSV.row(journey, isWide: isWide))
        try #require(header.count == row.count)
        return Dictionary(uniqueKeysWithValues: zip(header, row))
    }

    @Test func `a row has the journey's values under their names`() throws {
        let row = try values(journey(SyntheticFrames.roundTrip(7), at: 12_000_000_034))
        let expected = [
            "time_s": "12.000000034", "request_id": "7", "source": "10.0.1.1", "source_port": "50000",
            "destination": "10.0.2.2", "destination_port": "1234", "level": "2", "reference": "0", "complete": "1",
            "gaps": "", "hops": "4", "hops_out": "2", "hops_back": "2", "telemetry_bytes": "166", "host_ns": "100000",
            "host_requests": "7", "total_ns": "190000", "hop1_direction": "out", "hop1_switch": "1",
            "hop1_ingress_us": "1000000", "hop1_egress_us": "1000020", "hop1_enqueue_depth": "3", "hop1_latency_us": "",
            "hop4_direction": "back", "hop4_switch": "1", "hop4_egress_us": "1000190", "hop5_switch": "",
            "hop20_last_telemetry_us": "",
        ]
        for (name, value) in expected { #expect(row[name] == value, "\(name)") }
    }

    @Test func `a narrow row has the parts in one cell`() throws {
        let row = try values(journey(SyntheticFrames.roundTrip(7), at: 12_000_000_034), isWide: false)
        #expect(row["path"] == "s1-s2-s2-s1")
        #expect(row["parts_us"]?.hasPrefix("switch s1 out=20;link s1-s2 out=") == true, "\(row["parts_us"] ?? "")")
        #expect(row["host_ns"] == "100000" && row["hop1_switch"] == nil && row.count < 60)
    }

    @Test func `an extended host record has its values, and empty cells for what was not measured`() throws {
        let row = try values(journey(SyntheticFrames.split(7)))
        let expected = [
            "host_id": "9", "host_cpu": "1", "host_arrival_ns": "1000045000", "host_kernel_in_ns": "1000",
            "host_socket_wait_ns": "9000", "host_application_ns": "", "host_kernel_out_ns": "",
            "host_run_queue_ns": "700", "host_queue_depth": "4", "host_retransmits": "", "telemetry_bytes": "208",
        ]
        for (name, value) in expected { #expect(row[name] == value, "\(name)") }
        let line = try JourneyDocument(journey(SyntheticFrames.split(7))).line
        #expect(line.contains(#""host":{"arrival_ns":1000045000,"cpu":1,"id":9,"kernel_in_ns":1000,"queue_depth":4,"#))
        #expect(line.contains(#"{"name":"server application+kernel out","us":90,"within":true}"#))
    }

    @Test func `an incomplete journey has empty cells and says why`() throws {
        let row = try values(journey(SyntheticFrames.oneWay(7)))
        #expect(row["gaps"] == "no_host_record no_return_hops")
        #expect(row["complete"] == "0")
        #expect(row["host_ns"] == "")
        #expect(row["telemetry_bytes"] == "76")
    }

    @Test(arguments: [(Level.minimal, 31), (.standard, 112), (.full, 220), (.discretized, 133)])
    func `bytes of telemetry are the reference monitor's for three hops`(level: Level, bytes: Int) throws {
        var frame = SyntheticFrames.oneWay(1)
        frame.level = level
        frame.hops.append(SyntheticFrames.hop(3, 1, 2))
        #expect(try values(journey(frame))["telemetry_bytes"] == "\(bytes)")
    }

    @Test func `a journey as a JSON line`() throws {
        struct Line: Decodable {
            struct Hop: Decodable {
                var direction: String
                var name: String
                var enqueue_depth: Int
                var latency_us: Int?
            }
            struct Part: Decodable {
                var name: String
                var us: Double?
            }
            var request_id: Int
            var complete: Bool
            var total_us: Double
            var hops: [Hop]
            var parts: [Part]
        }
        let text = try JourneyDocument(journey(SyntheticFrames.roundTrip(7)), names: PlaceNames(switches: [1: "tor"]))
            .line
        #expect(!text.contains("\n"))
        let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
        #expect(line.request_id == 7)
        #expect(line.complete)
        #expect(line.total_us == 190)
        #expect(line.hops.map(\.name) == ["tor", "s2", "s2", "tor"])
        #expect(line.hops.map(\.direction) == ["out", "out", "back", "back"])
        #expect(line.hops.map(\.enqueue_depth) == [3, 0, 0, 0])
        #expect(line.hops.allSatisfy { $0.latency_us == nil })
        #expect(line.parts.map(\.us) == [20, 5, 10, 20, 100, 10, 5, 20])
    }

    @Test(arguments: [
        ("plain text", "plain text"), ("", ""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
        ("two\nlines", "\"two\nlines\""), ("s\r", "\"s\r\""),
    ])
    func `a field that a reader would split is quoted`(value: String, field: String) {
        var row = CSVRow()
        row.add(value)
        row.add(7)
        #expect(row.text == field + ",7")
    }

    @Test func `a discretized depth is a word in JSON`() throws {
        var frame = SyntheticFrames.oneWay(1)
        frame.hops[0].enqueueDepth = .classified(.critical)
        #expect(try JourneyDocument(journey(frame)).line.contains(#""enqueue_depth":"critical""#))
    }
}
