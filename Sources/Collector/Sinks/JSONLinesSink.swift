// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// Journeys as JSON, one object per line, and at the end one with the key `summary`.
public final class JSONLinesSink: JourneySink {
    private let names: PlaceNames
    private let print: (String) -> Void
    /// The first value that JSON could not express.
    public private(set) var failure: CollectorError?

    /// - Parameter print: accepts one line without its end.
    public init(names: PlaceNames = PlaceNames(), print: @escaping (String) -> Void) {
        self.names = names
        self.print = print
    }

    /// Prints the journey's object.
    public func accept(_ journey: Journey) { printLine { try JourneyDocument(journey, names: names).line } }

    /// Prints the summary's object.
    public func finish(_ summary: Summary) { printLine { try summary.json(names: names) } }

    /// A line that cannot be encoded is left out, and the first such error kept as the failure.
    private func printLine(_ line: () throws -> String) {
        do {
            print(try line())
        } catch {
            failure = failure ?? CollectorError(code: .output, object: "standard output", cause: error)
        }
    }
}
