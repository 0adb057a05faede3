// SPDX-License-Identifier: Apache-2.0

/// Which code this binary was built from.
public enum Release {
    /// The version in CHANGELOG.md.
    public static let version = "0.1.0"

    /// The first 12 digits of the commit, with `-dirty` where files had changed since; `unknown` for a build outside a checkout.
    public static var commit: String { embeddedCommit }

    /// Version and commit, as `p4netintel --version` prints them: `0.1.0 (commit 2d8fb0d1c2e3)`.
    public static var description: String { "\(version) (commit \(commit))" }
}
