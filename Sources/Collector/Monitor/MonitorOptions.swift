// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import TelemetryFormats
public import TextLayout

/// What a monitor prints and writes.
public struct MonitorOptions: Sendable {
    public enum Format: Sendable, Hashable {
        /// A line for people, one a journey.
        case text
        /// A JSON object a line, one a journey; at the end one with the key `summary`.
        case json
    }

    public var format: Format
    public var style: TextStyle
    /// Journeys printed in a second; the others are counted, and a line says so. nil: all of them.
    public var linesPerSecond: Int?
    /// Decodes the captured frames.
    public var decoder: TelemetryDecoder
    public var names: PlaceNames
    /// A file for one row a journey, made anew.
    public var csvPath: String?
    /// A file for every frame that came in, made anew.
    public var pcapPath: String?

    public init(
        format: Format = .text, style: TextStyle = .plain, linesPerSecond: Int? = nil,
        decoder: TelemetryDecoder = TelemetryDecoder(), names: PlaceNames = PlaceNames(), csvPath: String? = nil,
        pcapPath: String? = nil
    ) {
        self.format = format
        self.style = style
        self.linesPerSecond = linesPerSecond
        self.decoder = decoder
        self.names = names
        self.csvPath = csvPath
        self.pcapPath = pcapPath
    }
}
