// SPDX-License-Identifier: Apache-2.0

/// Why a control-plane call changed nothing, or a program cannot be run.
public struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The spellings are those simple_switch gives its clients.
    public enum Code: String, Sendable {
        case tableFull = "TABLE_FULL"
        case duplicateEntry = "DUPLICATE_ENTRY"
        case badMatchKey = "BAD_MATCH_KEY"
        case noTableKey = "NO_TABLE_KEY"
        case immutableTableEntries = "IMMUTABLE_TABLE_ENTRIES"
        case defaultEntryIsConst = "DEFAULT_ENTRY_IS_CONST"
        case invalidHandle = "INVALID_HANDLE"
        case expiredHandle = "EXPIRED_HANDLE"
        case badActionData = "BAD_ACTION_DATA"
        case invalidAction = "INVALID_ACTION"
        case invalidIndex = "INVALID_INDEX"
        case invalidInfoRateValue = "INVALID_INFO_RATE_VALUE"
        case invalidGroup = "INVALID_MGRP_HANDLE"
        case invalidNode = "INVALID_L1_HANDLE"
        case nodeInUse = "L1_HANDLE_IN_USE"
        case invalidPort = "INVALID_PORT"
        case invalidSession = "INVALID_SESSION"
        case invalidQueue = "INVALID_QUEUE"
        /// The program breaks a rule of `SwitchProgram`, or is larger than the engine takes.
        case invalidProgram = "INVALID_PROGRAM"
    }

    /// Which kind of mistake it is.
    public var code: Code
    /// The table, register, instruction … at fault.
    public var object: String
    /// What is wrong, in words.
    public var reason: String

    /// An error about `object`.
    public init(_ code: Code, _ object: String, _ reason: String) {
        self.code = code
        self.object = object
        self.reason = reason
    }

    /// Object, reason and code in one line.
    public var description: String { "\(object): \(reason) (\(code.rawValue))" }
}
