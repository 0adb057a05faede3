// SPDX-License-Identifier: Apache-2.0

@testable import Commands
import Foundation
import LinuxSystem
import Testing
import ThrowawayPlaces

/// What a user gets who types something wrong: an exit code for scripts, and words that name the thing.
@Suite struct UsageTests {
    struct Mistake: CustomTestStringConvertible {
        let arguments: String
        let code: Int32
        let words: [String]

        init(_ arguments: String, _ code: Int32, _ words: String...) {
            self.arguments = arguments
            self.code = code
            self.words = words
        }

        var testDescription: String { arguments }
    }

    static let mistakes = [
        Mistake("nonsense", 64, "nonsense"),
        Mistake("demo --level 9", 64, "--level must be 1 to 6, got 9"),
        Mistake("demo --rate 0", 64, "--rate"),
        Mistake("demo --rate -5", 64, "--rate must be greater than 0 and at most 1000000, got -5"),
        Mistake("monitor --interface lo --expect router=1", 64, "--expect", "router=1"),
        Mistake("monitor --interface lo --expect switch=3-1", 64, "--expect", "switch=3-1"),
        Mistake("monitor --interface lo --unexpected", 64, "--unexpected must be given with --expect"),
        Mistake("demo --topology no-such", 1, "topology must be", "got 'no-such'", "three-switch"),
        Mistake("compile", 64, "program"),
        Mistake("compile /no/such.p4", 1, "/no/such.p4"),
        Mistake("compile p4/INT.p4 -D COLLECT_SIZE=9", 1, "p4/INT.p4:", "error:", "COLLECT_SIZE"),
        Mistake("switch p4/INT.p4", 64, "port"),
        Mistake("switch p4/INT.p4 --port x", 64, "--port", "must be PORT=VALUE, got 'x'"),
        Mistake("switch p4/INT.p4 --port x=lo", 64, "port must be 0 to 510, got 'x'"),
        Mistake("switch p4/INT.p4 --port 1=lo --delay 1=3parsec", 64, "a time of at most 60s", "got '3parsec'"),
        Mistake("switch p4/INT.p4 --port 1=lo --bandwidth 1=-3", 64, "a number of Mbit/s greater than 0, got '-3'"),
        Mistake("experiment rate --output /proc/none", 1, "/proc/none: No such file or directory", "--output"),
        Mistake("switch p4/INT.p4 --port 1=p4ni-none", 1, "p4ni-none"),
        Mistake("switch p4/INT.p4 --port 1=lo --delay 2=1ms", 64, "port 2"),
        Mistake("switch p4/INT.p4 --port 1=lo --runtime /no/such.json", 1, "/no/such.json"),
        Mistake("lab up no-such", 1, "no-such"),
        Mistake("lab exec no-such-lab h1 true", 1, "no-such-lab"),
        Mistake("host status --interface p4ni-none", 1, "p4ni-none"),
        Mistake("host attach --interface lo --level 7", 64, "--level"),
        Mistake("host attach --interface p4ni-none --fix-offloads", 1, "p4ni-none"),
        Mistake("doctor --interface p4ni-none", 1, "p4ni-none"),
        Mistake("client 0", 64, "RATE must be greater than 0 and at most 1000000, got 0"),
        Mistake("client 10 --size 2", 64, "--size must be", "got 2"),
        Mistake("client 10 --size 4 --protocol tcp", 64, "--size", "tcp"),
        Mistake("client 10 --connections 0", 64, "--connections"),
        Mistake("blast --interface p4ni-none", 1, "find interface 'p4ni-none'", "ip link"),
        Mistake("blast --interface p4ni-none --live", 1, "find interface 'p4ni-none'", "ip link"),
        Mistake("blast --interface lo --port 0", 64, "--port must be 1 to 65535, got 0"),
        Mistake("client 10 --port 0", 64, "--port must be 1 to 65535, got 0"),
        Mistake("client 10 --port 65536", 64, "65536", "1 to 65535"),
        Mistake("monitor --interface p4ni-none", 1, "find interface 'p4ni-none'", "ip link"),
        Mistake("server --address 192.0.2.1", 1, "192.0.2.1", "ip address"),
        Mistake("blast --interface lo --hops 21", 64, "--hops must be 0 to 20, got 21"),
        Mistake("blast --interface lo --source ::1", 64, "address family", "got ::1 and 10.0.2.2"),
        Mistake("bench host --hops 3,21", 64, "--hops must be numbers from 0 to 20, got 3,21"),
        Mistake("bench host --level 2,5", 64, "--level must be numbers from 1 to 4, got 2,5"),
        Mistake("bench host --interface lo", 64, "--interface"),
        Mistake("client 10 --to 300.1.1.1", 64, "300.1.1.1"),
        Mistake("client 10 --to 127.0.0.1 --port 9 --duration 0.1 --timeout 0.1", 1),
        Mistake("client 10 --burst 0", 64, "--burst"),
        Mistake("plan --hops 0", 64, "--hops must be 1 to 20, got 0"),
        Mistake("plan --budget much", 64, "--budget"),
        Mistake("plan --hops 20 --packet 1500", 1, "no level's longest frame fits the MTU"),
        Mistake("experiment no-such", 1, "experiment must be", "got 'no-such'", "life-of-a-request", "sampling"),
        Mistake("experiment rate --repeats 0", 64, "--repeats"),
        Mistake("run /no/such.lab", 1, "/no/such.lab"),
        Mistake("host attach --interface lo --peer 10.0.0.1/8", 64, "10.0.0.1/8"),
        Mistake(
            "host attach --interface lo --peer 10.0.0.1", 64, "--peer must be given with --role client or both",
            "host attach --help"),
        Mistake(
            "host attach --interface lo --role server --sample 1/2 --no-calls", 64,
            "--sample, --no-calls must be given with"),
        // Which part of a word is wrong, and what it may be.
        Mistake("host attach --interface lo --peer 10.0.0.1:0", 64, "port must be 1 to 65535, got '0'"),
        Mistake("host attach --interface lo --peer 10.0.0.0/33", 64, "prefix length must be 0 to 32, got '33'"),
        Mistake(
            "host attach --interface lo --peer 10.0.0.1/8", 64,
            "the bits after the first 8 of a prefix must be 0, got 10.0.0.1/8"),
        Mistake("host attach --interface lo --peer nonsense", 64, "the address must be IPv4 or IPv6, got 'nonsense'"),
        Mistake("host attach --interface lo --peer [::1", 64, "must end with ']', got '[::1'"),
        Mistake("host attach --interface lo --learn 10.0.0.1/udp:9", 64, "--learn", "port"),
        Mistake(
            "host attach --interface lo --sample 2/3", 64,
            "sampling must be every, a share such as 1/100, or a rate such as 100/s, got '2/3'"),
        Mistake("host attach --interface lo --sample 1/0", 64, "got '1/0'"),
        Mistake("host attach --interface lo --sample 0/s", 64, "rate must be 1 to 1000000000 per second, got '0'"),
        Mistake("host attach --interface lo --rule udp/0=dns", 64, "port must be 1 to 65535, got '0'"),
        Mistake("host attach --interface lo --rule icmp/1=dns", 64, "protocol must be udp or tcp, got 'icmp'"),
        Mistake(
            "host attach --interface lo --rule udp/53", 64,
            "expected PROTOCOL/PORT=ID, such as udp/53=dns, got 'udp/53'"),
        Mistake("host attach --interface lo --rule udp/53=what", 64, "the id must be first4,", "got 'what'"),
        Mistake("host attach --interface lo --rule tcp/53=dns", 64, "sequence or off for TCP, got 'dns'"),
        Mistake(
            "host attach --interface lo --rule udp/53=offset:9999,width:4", 64, "offset must be 0 to 1400, got '9999'"),
        Mistake(
            "host attach --interface lo --rule udp/53=offset:0,width:3", 64, "width must be 1, 2, 4 or 8 bytes, got '3'"
        ),
        Mistake("host rules --interface lo --remove udp", 64, "expected PROTOCOL/PORT, such as udp/53, got 'udp'"),
        Mistake("host rules --interface lo --set udp/0=dns", 64, "port must be"),
        Mistake("host attach --interface lo --telemetry 10.0.0.1/8", 64, "bits after the first 8", "trust, strip"),
        Mistake("host attach --interface lo --host-id 0", 64, "--host-id must be 1 to 4294967295, got 0"),
        Mistake("host attach --interface lo --role server --level 5", 64, "--level must be 1 to 4 for a server, got 5"),
        Mistake("host rules --interface p4ni-none", 1, "p4ni-none"),
        Mistake("monitor", 64, "--interface", "--pcap"),
        Mistake("monitor --pcap /no/such.pcap", 1, "/no/such.pcap"),
    ]

    @Test(arguments: mistakes)
    func mistakesAreNamed(_ mistake: Mistake) throws {
        let outcome = try Binary.run(mistake.arguments.split(separator: " ").map(String.init))
        #expect(outcome.code == mistake.code)
        for word in mistake.words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
    }

    @Test(arguments: [
        "", "demo", "compile", "switch", "lab", "lab up", "lab shell", "host attach", "doctor", "client", "monitor",
    ])
    func helpSaysWhatAVerbIsFor(verb: String) throws {
        let outcome = try Binary.run(verb.split(separator: " ").map(String.init) + ["--help"])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("OVERVIEW: "))
    }

    @Test func negativeNumbersAreValuesOfOptionsExceptInCommandsOfOthers() {
        func read(_ line: String) -> String {
            CommandLineText.arguments(line.split(separator: " ").map(String.init)).joined(separator: " ")
        }
        #expect(read("demo --rate -5 --json") == "demo --rate=-5 --json")
        #expect(read("demo --rate=2 -5") == "demo --rate=2 -5")
        #expect(read("demo -5") == "demo -5")
        #expect(read("demo --rate 5 -- --x -5") == "demo --rate 5 -- --x -5")
        #expect(read("lab exec a h1 seq --width -5") == "lab exec a h1 seq --width -5")
    }

    @Test func versionIsAnOptionThatMayBeWrittenAsAVerb() throws {
        #expect(try Binary.run("version").output == Binary.run("--version").output)
    }

    @Test func helpGroupsTheVerbs() throws {
        let output = try Binary.run("--help").output
        for group in ["TRY IT", "RUN IT", "LOOK AT IT", "MEASURE IT"] { #expect(output.contains(group)) }
    }

    /// A verb as `--experimental-dump-help` describes it: what the man page is made of.
    struct Verb: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        let subcommands: [Verb]?

        /// The verbs that do something themselves, with their full names.
        func leaves(_ prefix: String = "") -> [(name: String, help: String)] {
            guard let subcommands else { return [(prefix + commandName, discussion ?? "")] }
            return subcommands.filter { $0.commandName != "help" }.flatMap { $0.leaves(prefix + commandName + " ") }
        }
    }

    @Test func everyVerbsHelpHasExamplesAndExitCodes() throws {
        struct Help: Decodable { let command: Verb }
        let help = try Binary.run("--experimental-dump-help").decoded(as: Help.self)
        let leaves = help.command.leaves()
        #expect(leaves.count > 20)
        for (name, text) in leaves {
            #expect(text.contains("\n  \(name) ") || text.contains("\n  \(name)\n"), "\(name) has no example")
            #expect(text.contains("Exit codes: "), "\(name) names no exit codes")
        }
    }

    @Test func theVersionNamesTheCommit() throws {
        let output = try Binary.run("--version").output
        #expect(output.wholeMatch(of: /\d+\.\d+\.\d+ \(commit ([0-9a-f]{12}(-dirty)?|unknown)\)\n/) != nil, "\(output)")
    }

    @Test func aResultThatCannotBeWrittenIsAFailure() throws {
        let directory = try TemporaryDirectory()
        var request = SpawnRequest([Binary.path, "compile", "p4/INT.p4"])
        request.workingDirectory = Binary.repository.path
        request.output = .file("/dev/full")
        request.errors = .file(directory.path("errors"))
        let status = try #require(try ChildProcess.spawn(request).wait(milliseconds: 60_000))
        #expect(status.code == 1)
        #expect(directory.text("errors").contains("No space left on device"))
    }

    @Test func ofManyMistakesTheFirstAreShownAndTheRestCounted() throws {
        let directory = try TemporaryDirectory()
        let commands = try directory.write(String(repeating: "nothing\n", count: 150), to: "commands.txt")
        let outcome = try Binary.run("switch", "p4/INT.p4", "--port", "1=lo", "--commands", commands)
        #expect(outcome.code == 1)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 101 && lines.last == "Error: 50 more problems")
    }

    @Test func aProgramIsSummarisedAndDisassembled() throws {
        let summary = try Binary.run("compile", "p4/INT.p4")
        #expect(summary.code == 0)
        #expect(summary.errors.isEmpty)
        #expect(summary.output.contains("INTIngress.ipv4_lpm"))
        let code = try Binary.run("compile", "p4/INT.p4", "--disassemble", "-D", "FREQ=1000")
        #expect(code.output.contains("registerRead"))
    }
}
