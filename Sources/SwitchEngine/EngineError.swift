// SPDX-License-Identifier: Apache-2.0

/// Why a control-plane call changed nothing, or a program cannot be run.
public struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The spellings are those simple_switch gives its clients.
    public enum Code: String, Sendable {
        /// The table has as many entries as it may have.
        case tableFull = "TABLE_FULL"
        /// An entry with this key is there.
        case duplicateEntry = "DUPLICATE_ENTRY"
        /// The key does not fit the table's.
        case badMatchKey = "BAD_MATCH_KEY"
        /// The table has no key.
        case noTableKey = "NO_TABLE_KEY"
        /// The table's entries are constant.
        case immutableTableEntries = "IMMUTABLE_TABLE_ENTRIES"
        /// The table's default action is constant.
        case defaultEntryIsConst = "DEFAULT_ENTRY_IS_CONST"
        /// No entry ever had this handle.
        case invalidHandle = "INVALID_HANDLE"
        /// The entry with this handle was deleted.
        case expiredHandle = "EXPIRED_HANDLE"
        /// The arguments do not fit the action's parameters.
        case badActionData = "BAD_ACTION_DATA"
        /// The table does not have this action, or not for this use.
        case invalidAction = "INVALID_ACTION"
        /// The array, or the program, has no element of this number.
        case invalidIndex = "INVALID_INDEX"
        /// A rate or burst of a meter is out of range.
        case invalidInfoRateValue = "INVALID_INFO_RATE_VALUE"
        /// The multicast group does not exist, exists already, or its number is out of range.
        case invalidGroup = "INVALID_MGRP_HANDLE"
        /// The multicast node does not exist, or is not in the group.
        case invalidNode = "INVALID_L1_HANDLE"
        /// The multicast node belongs to a group.
        case nodeInUse = "L1_HANDLE_IN_USE"
        /// The port number is out of range.
        case invalidPort = "INVALID_PORT"
        /// The mirror session does not exist, or its number is out of range.
        case invalidSession = "INVALID_SESSION"
        /// A depth, rate or priority of an egress queue is out of range.
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
