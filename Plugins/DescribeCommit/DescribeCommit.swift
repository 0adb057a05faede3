// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackagePlugin

/// Writes the checkout's commit to a source file before each build; the file changes only when the commit does.
@main
struct DescribeCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.pluginWorkDirectoryURL
        let checkout = context.package.directoryURL
        return [
            .prebuildCommand(
                displayName: "Describing the commit",
                executable: checkout.appending(path: "scripts/describe-commit"),
                arguments: [checkout, folder.appending(path: "EmbeddedCommit.swift")].map {
                    $0.path(percentEncoded: false)
                },
                outputFilesDirectory: folder)
        ]
    }
}
