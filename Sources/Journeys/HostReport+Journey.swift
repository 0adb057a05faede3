// SPDX-License-Identifier: Apache-2.0

extension HostReport.Outcome {
    /// Why no journey will come of the request; nil if one is to come.
    public var missing: MissingData? {
        switch self {
        case .answered, .completion: nil
        case .unanswered: .unanswered
        case .noRoom: .noRoomInReply
        case .givenUp: .givenUpAtHost
        }
    }
}

extension Journey {
    /// What is known of a request that did not return: its hops up to the server, and the host's times.
    /// - Parameters:
    ///   - time: when that was found out, nanoseconds of the domain's clock.
    ///   - reason: one of `MissingData.notReturned`.
    ///   - expected: whose reports are expected.
    /// - Returns: nil if the report does not contain the request.
    public init?(
        unreturned hostReport: HostReport, seenAt time: UInt64, because reason: MissingData,
        expected: ExpectedNodes = ExpectedNodes()
    ) {
        guard var report = hostReport.request else { return nil }
        report.missing.insert(reason)
        self.init(report, seenAt: time, hostReport: hostReport, expected: expected)
    }
}
