// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Every target of ours is compiled alike: Swift 6, each import and each unsafe expression explicit,
/// warnings as errors.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

/// Functions begin at cache lines: the same engine was up to 28 % slower on INT.p4 where its loop happened to lie otherwise.
/// Unsafe flags keep other packages from depending on this one; they are here only because the loss without them was measured.
let cacheLineFunctions: [SwiftSetting] = [.unsafeFlags(["-Xllvm", "-align-all-functions=6"])]

func library(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
    of name: String, uses dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
        swiftSettings: settings)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let bigInt: Target.Dependency = .product(name: "BigInt", package: "BigInt")
let database: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
/// No target of ours imports it. The binary names it because the package manager warns about a package that no target uses,
/// and the package is listed to make its version exact.
let numerics: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")

let package = Package(
    name: "p4netintel",
    products: [.executable(name: "p4netintel", targets: ["p4netintel"])],
    // Exact versions, so that every checkout builds the same code. Package.resolved would also pin the commit ids of the
    // repositories that the packages come from; a mirror may have others, so it is not committed.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/attaswift/BigInt", exact: "6.0.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        // What hdrhistogram-swift uses.
        .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
    ],
    targets: [
        // Formats: pure values, no input or output.
        library("Addresses"),
        library("Wire", uses: ["Addresses"]),
        // The model: what is known of a request and its reply, independent of any wire format.
        library("Journeys", uses: ["Addresses"]),
        library("TelemetryFormats", uses: ["Addresses", "Journeys", "Wire"]),
        // What a request asks for, read from its first bytes: HTTP, gRPC, DNS, Redis.
        library("RequestParsing", uses: ["Documents", "Journeys"]),
        // What people write by hand, read with the place of every mistake.
        library("Documents", uses: ["TextLayout", yams]),
        // Columns, tables and colours of text; then what knows the terminal.
        library("TextLayout"),
        library("TerminalKit", uses: ["LinuxSystem", "TextLayout"]),

        // From P4_16 source text to packets out.
        library("SwitchIR"),
        library("P4Compiler", uses: ["SwitchIR", "TextLayout", bigInt]),
        .target(
            name: "SwitchEngine", dependencies: ["SwitchIR", "Wire"], swiftSettings: settings + cacheLineFunctions),
        library(
            "SwitchControl",
            uses: ["Addresses", "SwitchEngine", "SwitchIR", "Documents", "TextLayout", "Wire"]),
        library(
            "SwitchRuntime",
            uses: ["SwitchControl", "SwitchEngine", "SwitchIR", "Documents", "LinuxSystem", "TextLayout"]),
        // Packet tests as scripts (.stf) that run on an engine.
        library("PacketScripts", uses: ["SwitchControl", "SwitchEngine", "SwitchIR", "Documents"]),

        // The kernel's side.
        .target(name: "CLinux"),
        library("LinuxSystem", uses: ["Addresses", "CLinux"]),
        .systemLibrary(name: "CLibbpf", pkgConfig: "libbpf", providers: [.apt(["libbpf-dev"])]),
        .target(name: "CBPFShims", dependencies: ["CLibbpf"]),
        library("BPF", uses: ["CLibbpf", "CBPFShims"]),
        // The headers that the eBPF programs and Swift share.
        .systemLibrary(name: "CHostPrograms", path: "bpf/include"),
        // Compiles bpf/*.bpf.c at build time and embeds the objects.
        .executableTarget(name: "EmbedBPF", swiftSettings: settings),
        .plugin(name: "CompileBPF", capability: .buildTool(), dependencies: ["EmbedBPF"]),
        .target(name: "EmbeddedPrograms", swiftSettings: settings, plugins: ["CompileBPF"]),
        library(
            "HostAgent",
            uses: [
                "Addresses", "BPF", "CHostPrograms", "Documents", "EmbeddedPrograms", "LinuxSystem", "Journeys",
                "RequestParsing", "TelemetryFormats", "TextLayout", "Wire",
            ]),

        // What is made of it.
        library(
            "Collector",
            uses: [
                "Addresses", "Documents", "Journeys", "TelemetryFormats", "TextLayout", "Wire", "LinuxSystem",
                histogram,
            ]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        // Journeys as columns, compressed, in a folder of SQLite files.
        library(
            "JourneyStore", uses: ["Addresses", "CZstd", "Journeys", "LinuxSystem", "TelemetryFormats", database]),
        library("Lab", uses: ["Addresses", "Documents", "LinuxSystem", "TextLayout"]),
        library(
            "Workload",
            uses: [
                "Addresses", "BPF", "CHostPrograms", "EmbeddedPrograms", "Journeys", "LinuxSystem", "TelemetryFormats",
                "Wire",
                histogram,
            ]),
        // SVG pictures: shapes, and a journey drawn with them.
        library("Drawings", uses: ["Journeys"]),
        // Sweeps over settings, repeated: tables, statistics, plots.
        library("Experiments", uses: ["Documents", "Drawings"]),
        // What a packet costs the switch, and what the server's part costs packets and applications.
        library(
            "Benchmarks",
            uses: [
                "Addresses", "Wire", "Journeys", "TelemetryFormats", "SwitchIR", "P4Compiler", "SwitchControl",
                "SwitchEngine",
                "SwitchRuntime", "LinuxSystem", "BPF", "CHostPrograms", "EmbeddedPrograms", "HostAgent", "Workload",
                histogram,
            ]),
        // Where the files that ship with the binary are.
        library("InstalledFiles", uses: ["Documents", "LinuxSystem"]),
        // The demo's and the experiments' runs: staging, capture, tallies and error models, without a command line.
        library(
            "Scenarios",
            uses: [
                "Addresses", "BPF", "Benchmarks", "Collector", "Documents", "Experiments", "HostAgent",
                "InstalledFiles",
                "Journeys", "Lab", "LinuxSystem", "SwitchRuntime", "TelemetryFormats", "TextLayout", "Wire", "Workload",
            ]),
        library(
            "Commands",
            uses: [
                "Addresses", "Wire", "Journeys", "TelemetryFormats", "SwitchIR", "P4Compiler", "SwitchEngine",
                "SwitchRuntime", "LinuxSystem",
                "BPF", "Documents", "Drawings", "HostAgent", "InstalledFiles", "Collector", "Lab", "RequestParsing",
                "Workload",
                "Experiments", "Benchmarks", "Scenarios", "SoftwareVersion", "TerminalKit", "TextLayout",
                argumentParser,
            ]),
        .executableTarget(name: "p4netintel", dependencies: ["Commands", numerics], swiftSettings: settings),
        // Version and commit. The commit is a source file that the plugin writes before each build.
        .plugin(name: "DescribeCommit", capability: .buildTool()),
        .target(name: "SoftwareVersion", swiftSettings: settings, plugins: ["DescribeCommit"]),

        // Bytes written as hexadecimal with comments, for the tests of anything that reads packets.
        .target(name: "AnnotatedHex", path: "Tests/AnnotatedHex", swiftSettings: settings),
        // Namespaces, links and directories that go with the test that made them.
        .target(
            name: "ThrowawayPlaces", dependencies: ["LinuxSystem"], path: "Tests/ThrowawayPlaces",
            swiftSettings: settings),
        tests(of: "Addresses"),
        tests(of: "Wire", uses: ["Addresses", "AnnotatedHex"]),
        tests(of: "Journeys"),
        tests(of: "TelemetryFormats", uses: ["Addresses", "AnnotatedHex", "Journeys", "Wire"]),
        tests(of: "RequestParsing", uses: ["Documents", "Journeys"]),
        tests(of: "Documents"),
        tests(of: "TextLayout"),
        tests(of: "P4Compiler", uses: ["SwitchIR", "TextLayout", bigInt]),
        // Switch programs put together by hand, for the tests of what runs them.
        .target(
            name: "ProgramAssembly", dependencies: ["SwitchIR"], path: "Tests/ProgramAssembly",
            swiftSettings: settings),
        // Packets through programs from source text: compiler, engine and packet scripts together.
        .testTarget(
            name: "P4ProgramTests", dependencies: ["P4Compiler", "PacketScripts", "SwitchEngine", "SwitchIR"],
            swiftSettings: settings),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        tests(of: "SwitchEngine", uses: ["SwitchIR", "Wire", "ProgramAssembly", "AllocationCounter"]),
        tests(of: "SwitchControl", uses: ["Documents", "SwitchEngine", "SwitchIR", "ProgramAssembly"]),
        tests(
            of: "SwitchRuntime",
            uses: ["SwitchEngine", "SwitchIR", "LinuxSystem", "Wire", "ProgramAssembly", "ThrowawayPlaces"]),
        tests(of: "PacketScripts", uses: ["SwitchIR", "SwitchEngine", "ProgramAssembly"]),
        .testTarget(
            name: "INTProgramTests",
            dependencies: [
                "Documents",
                "Addresses", "P4Compiler", "SwitchControl", "SwitchEngine", "SwitchIR", "Journeys", "TelemetryFormats",
                "Wire", "AllocationCounter",
            ],
            swiftSettings: settings),
        tests(of: "LinuxSystem", uses: ["Addresses", "ThrowawayPlaces"]),
        tests(
            of: "HostAgent",
            uses: [
                "Addresses", "Benchmarks", "BPF", "CHostPrograms", "CLibbpf", "Documents", "LinuxSystem", "Journeys",
                "RequestParsing", "TelemetryFormats", "Wire",
                "ThrowawayPlaces",
            ]),
        tests(
            of: "Collector",
            uses: [
                "Addresses", "Drawings", "Journeys", "TelemetryFormats", "TextLayout", "Wire", "LinuxSystem",
                "ThrowawayPlaces",
            ], exclude: ["Captures"]),
        tests(of: "JourneyStore", uses: [database, "Addresses", "Journeys", "TelemetryFormats", "ThrowawayPlaces"]),
        tests(of: "Lab", uses: ["Addresses", "Documents", "LinuxSystem", "ThrowawayPlaces"]),
        tests(
            of: "Benchmarks",
            uses: [
                "Addresses", "BPF", "HostAgent", "LinuxSystem", "Journeys", "TelemetryFormats", "Workload",
                "ThrowawayPlaces",
            ]),
        tests(
            of: "Workload",
            uses: ["Addresses", "Journeys", "LinuxSystem", "TelemetryFormats", "Wire", "ThrowawayPlaces"]),
        tests(of: "Drawings", uses: ["Journeys"]),
        tests(of: "Experiments", uses: ["Documents", "ThrowawayPlaces"]),
        tests(
            of: "Scenarios",
            uses: [
                "InstalledFiles", "Addresses", "Collector", "Documents", "Experiments", "Journeys", "Lab",
                "LinuxSystem",
                "TelemetryFormats",
                "Wire", "Workload", "p4netintel", "ThrowawayPlaces",
            ]),
        // docs/ and README.md agree with the code: generated parts, command lines, links.
        .testTarget(
            name: "ReferenceTests",
            dependencies: [
                "Collector", "Commands", "HostAgent", "Journeys", "SwitchControl", "SwitchEngine", "TelemetryFormats",
                argumentParser,
            ],
            swiftSettings: settings),
        tests(of: "Commands", uses: ["Addresses", "HostAgent", "LinuxSystem", "p4netintel", "ThrowawayPlaces"]),
    ],
    swiftLanguageModes: [.v6]
)
