// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// Something that sends copies of one `LoadFrame` from an interface.
public protocol FrameSender: AnyObject {
    /// Copies that are best sent by one call.
    var batch: Int { get }
    /// Frames per second to which `send` keeps by itself; nil: it sends at once.
    var pace: Double? { get }
    /// Frames handed to the interface since the sender was made.
    var sent: UInt64 { get }
    /// Frames that were refused since the sender was made.
    var refused: UInt64 { get }

    /// Sends `count` copies, each with its number.
    func send(_ count: Int) throws
}

/// Through an AF_PACKET socket: works with every interface, and knows what was refused.
public final class SocketSender: FrameSender {
    private let frame: LoadFrame
    private var transmitter: FrameTransmitter
    private var number: UInt32 = 0

    /// Nil: frames leave when they are given.
    public let pace: Double? = nil
    /// As many frames as the transmit queue sends with one call.
    public let batch = FrameTransmitter.batch
    /// Frames handed to the interface.
    public var sent: UInt64 { transmitter.sent }
    /// Frames that the kernel refused.
    public var refused: UInt64 { transmitter.refused }

    /// In the network namespace of the calling thread.
    public init(interface: String, frame: LoadFrame) throws(SystemError) {
        self.frame = frame
        transmitter = try FrameTransmitter(interface: interface, frameCapacity: max(frame.bytes.count, 64))
        // Every place of the batch holds the frame from now on; only what differs is written again.
        for _ in 0..<FrameTransmitter.batch {
            try transmitter.stage { slot in
                for index in frame.bytes.indices { slot[index] = frame.bytes[index] }
                return frame.bytes.count
            }
        }
        transmitter.discard()
    }

    /// Sends the next frames, with one call for each batch.
    public func send(_ count: Int) throws {
        let frame = frame
        for _ in 0..<count {
            let number = number
            try transmitter.stage { slot in
                frame.vary(&slot, number: number)
                return frame.bytes.count
            }
            self.number &+= 1
        }
        try transmitter.flush()
    }
}
