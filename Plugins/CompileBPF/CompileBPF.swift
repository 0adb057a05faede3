// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackagePlugin

/// Has the eBPF programs of `bpf/` compiled and embedded whenever one of their files has changed.
@main
struct CompileBPF: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "bpf", directoryHint: .isDirectory)
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedObjects.swift")
        // One unit an object; the other .bpf.c files are included by them.
        let units = ["host", "breakdown", "client", "floor", "generator", "inserter"].map {
            folder.appending(path: "\($0).bpf.c").path(percentEncoded: false)
        }
        return [
            .buildCommand(
                displayName: "Compiling the eBPF programs",
                executable: try context.tool(named: "EmbedBPF").url,
                arguments: [output.path(percentEncoded: false)] + units,
                inputFiles: try sources(in: folder),
                outputFiles: [output])
        ]
    }

    private func sources(in folder: URL) throws -> [URL] {
        guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
            throw CocoaError(.fileReadNoSuchFile)
        }
        return files.compactMap { $0 as? URL }.filter { ["c", "h"].contains($0.pathExtension) }
            .sorted { $0.path < $1.path }
    }
}
