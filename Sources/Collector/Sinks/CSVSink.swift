// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// Journeys as rows of a CSV file under a heading.
public final class CSVSink: JourneySink {
    private var file: FileWriter
    private let isWide: Bool

    /// Creates the file, or empties it, so that a path that cannot be written fails before anything is captured.
    /// - Parameter isWide: with columns of their own for the values of each hop.
    /// - Throws: `CollectorError` if the file cannot be written.
    public init(path: String, isWide: Bool = false) throws(CollectorError) {
        self.isWide = isWide
        file = try FileWriter(path)
        file.append(JourneyCSV.header(isWide: isWide))
    }

    /// Why the file could not be written.
    public var failure: CollectorError? { file.failure }

    /// Adds the journey's row.
    public func accept(_ journey: Journey) { file.append(JourneyCSV.row(journey, isWide: isWide)) }

    /// Writes the rows so far to the file.
    public func flush(_ view: JourneyView) { file.flush() }

    /// Completes the file.
    public func finish(_ summary: Summary) { file.flush() }
}
