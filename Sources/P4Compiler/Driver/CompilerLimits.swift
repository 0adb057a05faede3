// SPDX-License-Identifier: Apache-2.0

/// What a compilation takes on at most. Calls and objects are expanded where they stand, so a source of a few lines can ask
/// for millions of them; each limit is far above what programs need.
public enum CompilerLimits {
    /// Bytes of one source file.
    public static let fileBytes = 64 << 20
    /// Files that a program includes, repetitions counted.
    public static let includedFiles = 1000
    /// Files that include each other, innermost counted.
    public static let includeDepth = 64
    /// Calls of actions, functions, parsers and controls that are expanded in all.
    public static let expandedCalls = 1 << 16
    /// Calls inside calls.
    public static let callDepth = 128
    /// Objects: parsers, controls, registers, counters and other externs, those inside others counted.
    public static let objects = 10_000
    /// Instructions of the switch program.
    public static let instructions = 1 << 18
}
