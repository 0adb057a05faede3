// SPDX-License-Identifier: Apache-2.0

/// Superinstructions of two operations that often follow each other, whatever their operands are.
///
/// Both stay where they are; only the first one's code says that the loop runs the second as well, without another
/// dispatch. So a jump to the second still finds it, and no distance changes.
extension Operation.Code {
    /// The code of an operation that is followed by one with the code `next`.
    func joined(with next: Self) -> Self {
        switch (self, next) {
        case (.move, .jump): .moveThenJump
        case (.move, .ret): .moveThenReturn
        case (.move, .branchIfZero): .moveThenBranchIfZero
        case (.move, .branchIfNotZero): .moveThenBranchIfNotZero
        case (.move, .branchIfNotEqual): .moveThenBranchIfNotEqual
        case (.move, .branchIfInvalid): .moveThenBranchIfInvalid
        case (.move, .branchIfValid): .moveThenBranchIfValid
        case (.move, .branchIfFieldNotZero): .moveThenBranchIfFieldNotZero
        case (.load8, .branchIfEqual): .load8ThenBranchIfEqual
        case (.load8, .branchIfLess): .load8ThenBranchIfLess
        case (.load8, .branchIfNotLessEqual): .load8ThenBranchIfNotLessEqual
        case (.loadBits, .branchIfLessEqual): .loadBitsThenBranchIfLessEqual
        case (.loadBits, .loadBits): .loadBitsTwice
        case (.loadBits, .shl): .loadBitsThenShl
        case (.add, .branchIfNotLessEqual): .addThenBranchIfNotLessEqual
        case (.branchIfEqual, .branchIfEqual): .branchIfEqualTwice
        case (.branchIfNotEqual, .branchIfNotEqual): .branchIfNotEqualTwice
        case (.branchIfNotZero, .branchIfNotZero): .branchIfNotZeroTwice
        case (.branchIfNotZero, .branchIfNotEqual): .branchIfNotZeroThenBranchIfNotEqual
        case (.branchIfNotEqual, .branchIfInvalid): .branchIfNotEqualThenBranchIfInvalid
        case (.branchIfNotEqual, .load8): .branchIfNotEqualThenLoad8
        case (.branchIfInvalid, .branchIfInvalid): .branchIfInvalidTwice
        case (.branchIfInvalid, .load32): .branchIfInvalidThenLoad32
        case (.branchIfInvalid, .checksum): .branchIfInvalidThenChecksum
        case (.branchIfInvalid, .branchIfFieldNotEqual): .branchIfInvalidThenBranchIfFieldNotEqual
        case (.copyField48, .store48): .copyField48ThenStore48
        case (.extract, .branchIfFieldEqual): .extractThenBranchIfFieldEqual
        case (.extract, .branchIfFieldNotEqual): .extractThenBranchIfFieldNotEqual
        case (.extract, .move): .extractThenMove
        case (.extract, .jump): .extractThenJump
        case (.store16, .emit): .store16ThenEmit
        case (.registerRead, .add): .registerReadThenAdd
        default: self
        }
    }
}
