// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// The reading end of a ring buffer map. There is one reading position in the map itself, so that two readers at once
/// would each miss what the other takes.
@safe public struct RingBuffer: ~Copyable {
    /// The map's name, for errors.
    public let name: String
    private let pointer: OpaquePointer
    private let map: KernelHandle
    private let receiver: Receiver

    /// Maps the ring's memory. One reader at a time may use a ring.
    public init(_ map: borrowing BPFMap) throws(BPFError) {
        let handle = try KernelHandle(copying: map.handle.number, of: map.name)
        let number = handle.number
        let receiver = Receiver()
        let ring = unsafe try Libbpf.find("read ring buffer", on: map.name) {
            unsafe ring_buffer__new(number, receiveRecord, Unmanaged.passUnretained(receiver).toOpaque(), nil)
        }
        unsafe self.init(name: map.name, ring, handle, receiver)
    }

    private init(name: String, _ pointer: OpaquePointer, _ map: consuming KernelHandle, _ receiver: Receiver) {
        self.name = name
        unsafe self.pointer = pointer
        self.map = map
        self.receiver = receiver
    }

    deinit { unsafe ring_buffer__free(pointer) }

    /// Readable while there are records.
    public var number: Int32 { unsafe ring_buffer__epoll_fd(pointer) }

    /// Hands over the records that are there, in their order.
    /// - Parameter body: gets one record's bytes, valid only within the call.
    /// - Returns: how many there were.
    @discardableResult
    public mutating func consume(_ body: (Span<UInt8>) -> Void) throws(BPFError) -> Int {
        let ring = unsafe pointer
        let count = try withoutActuallyEscaping(body) { (body) throws(BPFError) in
            receiver.body = body
            defer { receiver.body = nil }
            return try Libbpf.run("read ring buffer", on: name) { unsafe ring_buffer__consume(ring) }
        }
        return Int(count)
    }
}

private final class Receiver {
    var body: ((Span<UInt8>) -> Void)?
}

/// Global, because a closure made elsewhere would be bound to where it was made.
private func receiveRecord(_ context: UnsafeMutableRawPointer?, _ data: UnsafeMutableRawPointer?, _ size: Int) -> Int32
{
    guard let context = unsafe context, let data = unsafe data else { return 0 }
    let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size).bindMemory(to: UInt8.self)
    receiver.body?(unsafe bytes.span)
    return 0
}
