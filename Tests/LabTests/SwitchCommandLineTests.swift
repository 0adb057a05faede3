// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Lab

@Suite struct SwitchCommandLineTests {
    @Test func portsFilesAndWhatLinksDoAreArguments() throws {
        let topology = try Topology(
            Array(
                """
                {"hosts": {"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"}},
                 "switches": {"s1": {"cpu_port": 255, "priority_queues": 2}, "s2": {}},
                 "links": [["s1-p3", "s2-p1", "100us", 0.5], ["h1", "s1-p1", 1, 10]]}
                """.utf8), file: "net.json")
        var options = LabOptions(executable: ["/usr/bin/p4netintel"], program: "p4/INT.p4")
        options.definitions = ["FREQ=0", "COLLECT_SIZE=2"]
        options.switchArguments = ["--verbose"]
        #expect(
            options.command(for: topology.switches[0], in: topology) == [
                "/usr/bin/p4netintel", "switch", "p4/INT.p4", "-D", "FREQ=0", "-D", "COLLECT_SIZE=2",
                "--port", "1=s1-eth1", "--ingress-delay", "1=1000us", "--ingress-bandwidth", "1=10",
                "--delay", "1=1000us", "--bandwidth", "1=10",
                "--port", "3=s1-eth3", "--delay", "3=100us", "--bandwidth", "3=0.5",
                "--priority-queues", "2", "--verbose",
            ])
        #expect(
            options.command(for: topology.switches[1], in: topology).dropFirst(7) == [
                "--port", "1=s2-eth1", "--delay", "1=100us", "--bandwidth", "1=0.5", "--verbose",
            ])
    }
}
