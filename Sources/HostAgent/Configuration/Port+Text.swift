// SPDX-License-Identifier: Apache-2.0

internal import Documents

extension UInt16 {
    /// A port that something can listen on.
    init(portIn text: some StringProtocol) throws(InputError) {
        guard let number = UInt16(text), number > 0 else {
            throw InputError("port must be 1 to 65535, got '\(text)'")
        }
        self = number
    }
}
