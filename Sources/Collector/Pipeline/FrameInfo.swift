// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys

/// What a request is known by to everybody who reports something about it.
public enum RequestKey: Sendable, Hashable {
    /// The first 4 bytes of its payload.
    case id(UInt32)
    /// The number that the client's host, as the INT source, gave it within its flow.
    case number(UInt32, of: Flow)
}

/// What a source knows of a frame beside its bytes.
public struct FrameInfo: Sendable {
    /// The client's times that are still to come for a frame's request.
    public struct AwaitedTimes: Sendable {
        /// The key under which they will come.
        public var key: RequestKey
        /// Until when the journey waits for them: nanoseconds of the domain's clock.
        public var deadline: UInt64

        /// Times that come under `key`, until `deadline` in nanoseconds of the domain's clock.
        public init(_ key: RequestKey, until deadline: UInt64) {
            self.key = key
            self.deadline = deadline
        }
    }

    /// When the frame arrived: nanoseconds of the domain's clock.
    public var time: UInt64
    /// Bytes of the frame on the wire; more than the source has if it was cut.
    public var originalLength: Int
    /// What the client's host reported together with the frame.
    public var client: ClientTimes?
    /// What the client's host will report later; nil: nothing.
    public var awaits: AwaitedTimes?

    /// A frame of `originalLength` bytes that arrived at `time`, in nanoseconds of the domain's clock.
    public init(time: UInt64, originalLength: Int, client: ClientTimes? = nil, awaits: AwaitedTimes? = nil) {
        self.time = time
        self.originalLength = originalLength
        self.client = client
        self.awaits = awaits
    }
}
