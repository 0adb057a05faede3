// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

extension Trait where Self == ConditionTrait {
    /// For tests that run a program of another package.
    static func needs(_ what: String, package: String) -> ConditionTrait {
        .enabled(
            if: unsafe access(what, F_OK) == 0 || SpawnRequest.environmentOfCaller()["CI"] != nil,
            "\(what) is missing: apt-get install \(package)")
    }
}

extension LiveTests {
    /// Servers from public packages, as they are, and clients that know nothing of telemetry either.
    @Suite(.serialized) struct PublicServerTests {
        static let python = "/usr/bin/python3"
        static let grpc = "/usr/lib/python3/dist-packages/grpc/__init__.py"

        @Test(.needs("/usr/sbin/nginx", package: "nginx-light"), .needs(python, package: "python3"))
        func requestsOfHTTPThatAreSentAtOnceAreAnsweredInOrder() throws {
            let files = try TemporaryDirectory()
            let configuration = try files.write(Self.nginx(files.path(".")), to: "nginx.conf")
            let server = ["/usr/sbin/nginx", "-e", files.path("error.log"), "-c", configuration]
            let outcome = try run(server, client: try files.write(Self.pipelining, to: "client.py"))
            // 20 requests one by one, then 10 times 5 at once, in segments of their own.
            #expect(outcome.requests.count >= 70)
            expectNoWrongAnswer(outcome)
            let answered = outcome.requests.filter { !$0.answers.isEmpty }
            #expect(answered.count >= outcome.requests.count * 9 / 10, "\(answered.count)")
            // Requests and replies are of one size each: the n-th answers the n-th.
            for request in answered {
                let answer = request.answers[0]
                let first = outcome.requests.first { $0.clientPort == request.clientPort }
                let firstAnswer = first?.answers.first
                guard let first, let firstAnswer else { continue }
                let position = Int(request.end &- first.end) / request.payload
                #expect(answer.sequence &- firstAnswer.sequence == UInt32(position * answer.payload))
            }
        }

        @Test(.needs(python, package: "python3"))
        func serverThatAnswersInSeveralSegmentsIsAnsweredOnce() throws {
            let files = try TemporaryDirectory()
            let server = [Self.python, try files.write(Self.pythonHTTP, to: "server.py")]
            let outcome = try run(server, client: try files.write(Self.sequential, to: "client.py"))
            #expect(outcome.requests.count >= 50)
            expectNoWrongAnswer(outcome)
            #expect(outcome.requests.count { !$0.answers.isEmpty } >= outcome.requests.count * 9 / 10)
        }

        @Test(.needs(grpc, package: "python3-grpcio"))
        func callsOfGRPCAtOnceGetNoWrongTime() throws {
            let files = try TemporaryDirectory()
            let server = [Self.python, try files.write(Self.grpcServer, to: "server.py")]
            let outcome = try run(server, client: try files.write(Self.grpcClient, to: "client.py"))
            #expect(outcome.requests.count >= 100)
            expectNoWrongAnswer(outcome)
            #expect(outcome.requests.count { !$0.answers.isEmpty } >= 50)
        }

        /// Every piece of telemetry came back at most once, on a segment that acknowledges its request, and with no
        /// more time than lies between request and reply where the switch would be.
        private func expectNoWrongAnswer(_ outcome: TelemetryBridge.Outcome) {
            #expect(outcome.strange == 0)
            for request in outcome.requests {
                #expect(request.answers.count <= 1)
                guard let answer = request.answers.first else { continue }
                #expect(Int32(bitPattern: answer.acknowledged &- request.end) >= 0)
                #expect(answer.payload > 0)
                #expect(answer.hostTime <= answer.seen - request.tagged)
            }
        }

        private func run(_ server: [String], client: String) throws -> TelemetryBridge.Outcome {
            var outcome = TelemetryBridge.Outcome(requests: [], strange: 0)
            try BridgedLab.with { lab in
                try lab.host { _ = try $0.attach() }
                outcome = try TelemetryBridge.with(lab) {
                    let serving = try spawn(server, in: lab.server)
                    defer { _ = try? serving.end() }
                    let asking = try spawn([Self.python, client], in: lab.client)
                    let end = try asking.wait(milliseconds: 60_000)
                    if end == nil { _ = try? asking.end() }
                    #expect(end?.isSuccess == true, "the client: \(end.map { "\($0)" } ?? "does not end")")
                }
                let status = try lab.host { try $0.status() }
                #expect(status.saved > 0 && status.counts[.tcNotStored] == 0)
                try lab.host { try $0.detach() }
            }
            return outcome
        }

        private func spawn(_ arguments: [String], in namespace: NetworkNamespace) throws -> ChildProcess {
            var request = SpawnRequest(arguments, in: namespace)
            request.deathSignal = .terminate
            return try ChildProcess.spawn(request)
        }
    }
}
