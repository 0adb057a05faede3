// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import P4Compiler

@Suite struct GrammarFixtureTests {
    @Test(arguments: ProgramFixture.all(in: "grammar") + ProgramFixture.all(in: "accept"))
    func parsesWithoutAnyMessage(_ fixture: ProgramFixture) {
        let diagnostics = Diagnostics()
        let program = parseProgram(fixture.source, into: diagnostics)
        #expect(diagnostics.rendered() == "")
        #expect(!program.declarations.isEmpty)
    }

    @Test(arguments: ["20180101", "20200408", "20200701"])
    func readsTheArchitectureInEveryVersion(_ version: String) {
        let diagnostics = Diagnostics()
        let source = ProgramSource(
            file: "main.p4",
            loader: { $0 == "main.p4" ? Array("#include <v1model.p4>\n".utf8) : ProgramFixture.load($0) },
            defines: ["V1MODEL_VERSION=\(version)"],
            systemIncludeDirectory: ProgramFixture.repository + "/p4/include")
        let program = parseProgram(source, into: diagnostics)
        #expect(diagnostics.rendered() == "")
        let register = program.declarations.first { $0.name.text == "register" }
        guard case .externObject(let object)? = register?.kind else {
            Issue.record("v1model.p4 declares no register")
            return
        }
        #expect(object.typeParameters.map(\.name.text) == (version == "20180101" ? ["T"] : ["T", "I"]))
    }

    @Test(arguments: 1...4)
    func parsesTheTelemetryProgramAtEveryLevel(_ level: Int) {
        let diagnostics = Diagnostics()
        let source = ProgramSource(
            file: ProgramFixture.repository + "/p4/INT.p4", loader: ProgramFixture.load,
            defines: ["COLLECT_SIZE=\(level)"], systemIncludeDirectory: ProgramFixture.repository + "/p4/include")
        let program = parseProgram(source, into: diagnostics)
        #expect(diagnostics.rendered() == "")
        #expect(program.declarations.last?.name.text == "main")
    }

    @Test func declaresTheWholeCoreLibraryAndArchitecture() {
        let diagnostics = Diagnostics()
        let source = ProgramSource(
            file: ProgramFixture.repository + "/p4/include/v1model.p4", loader: ProgramFixture.load,
            systemIncludeDirectory: ProgramFixture.repository + "/p4/include")
        let program = parseProgram(source, into: diagnostics)
        var members: [String: [String]] = [:]
        for declaration in program.declarations {
            switch declaration.kind {
            case .error(let found), .matchKind(let found):
                members[declaration.name.text, default: []] += found.map(\.name.text)
            case .enumeration(let found): members[declaration.name.text] = found.members.map(\.name.text)
            case .structure(let found): members[declaration.name.text] = found.fields.map(\.name.text)
            case .externObject(let found): members[declaration.name.text] = found.methods.map(\.name.text)
            default: members[declaration.name.text, default: []].append("")
            }
        }
        #expect(
            members["error"] == [
                "NoError", "PacketTooShort", "NoMatch", "StackOutOfBounds", "HeaderTooShort", "ParserTimeout",
                "ParserInvalidArgument",
            ])
        #expect(members["match_kind"] == ["exact", "ternary", "lpm", "range", "optional", "selector"])
        #expect(members["packet_in"] == ["extract", "extract", "lookahead", "advance", "length"])
        #expect(members["packet_out"] == ["emit"])
        #expect(members["static_assert"]?.count == 2)
        #expect(members["mark_to_drop"]?.count == 2)
        #expect(members["log_msg"]?.count == 2)
        #expect(members["standard_metadata_t"]?.count == 16)
        #expect(members["CloneType"] == ["I2E", "E2E"])
        #expect(members["HashAlgorithm"]?.count == 8)
        let names = """
            verify NoAction counter direct_counter meter direct_meter register action_profile action_selector random digest \
            hash verify_checksum update_checksum verify_checksum_with_payload update_checksum_with_payload clone clone3 \
            clone_preserving_field_list resubmit resubmit_preserving_field_list recirculate truncate assert assume \
            recirculate_preserving_field_list Checksum16 CounterType MeterType Parser VerifyChecksum Ingress Egress \
            ComputeChecksum Deparser V1Switch
            """
        for name in names.split(separator: " ") { #expect(members[String(name)] != nil, "\(name) is not declared") }
    }
}
