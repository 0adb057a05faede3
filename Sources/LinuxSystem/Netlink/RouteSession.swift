// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// Questions and orders to the kernel's network configuration, in one network namespace.
public struct RouteSession {
    private let transport: any NetlinkTransport
    private var sequence: UInt32 = 0

    /// A session in the namespace of the calling thread.
    public init() throws(SystemError) {
        transport = try NetlinkSocket()
    }

    /// A session in a named namespace, whichever thread uses it.
    public init(in namespace: NetworkNamespace) throws {
        self = try namespace.perform { try RouteSession() }
    }

    init(transport: any NetlinkTransport) {
        self.transport = transport
    }

    /// Sends an order and waits until it is done.
    mutating func order(
        _ type: Int, flags: Int32 = 0, _ what: String, on object: String, _ write: (inout NetlinkWriter) -> Void
    ) throws(SystemError) {
        _ = try exchange(type, flags: flags | NLM_F_ACK, what, on: object, write)
    }

    /// Sends a question and gathers the payloads of all the answer's messages.
    mutating func question(
        _ type: Int, flags: Int32 = 0, _ what: String, on object: String = "", _ write: (inout NetlinkWriter) -> Void
    ) throws(SystemError) -> [ArraySlice<UInt8>] {
        try exchange(type, flags: flags, what, on: object, write)
    }

    private mutating func exchange(
        _ type: Int, flags: Int32, _ what: String, on object: String, _ write: (inout NetlinkWriter) -> Void
    ) throws(SystemError) -> [ArraySlice<UInt8>] {
        sequence &+= 1
        var payload = NetlinkWriter()
        write(&payload)
        var message = NetlinkWriter()
        message.append(
            nlmsghdr(
                nlmsg_len: UInt32(MemoryLayout<nlmsghdr>.size + payload.bytes.count), nlmsg_type: UInt16(type),
                nlmsg_flags: UInt16(flags | NLM_F_REQUEST), nlmsg_seq: sequence, nlmsg_pid: 0))
        message.append(contentsOf: payload.bytes)
        try transport.send(message.bytes)
        var answer = NetlinkAnswer(sequence: sequence, what: what, object: object)
        while !answer.isComplete { try answer.add(try transport.receive()) }
        return answer.payloads
    }
}

/// The messages that answer one request, until the one that ends them.
private struct NetlinkAnswer {
    let sequence: UInt32
    let what: String
    let object: String
    private(set) var payloads: [ArraySlice<UInt8>] = []
    private(set) var isComplete = false

    init(sequence: UInt32, what: String, object: String) {
        self.sequence = sequence
        self.what = what
        self.object = object
    }

    mutating func add(_ datagram: [UInt8]) throws(SystemError) {
        var reader = NetlinkReader(datagram[...])
        while !reader.isAtEnd, !isComplete {
            let header = try reader.take(nlmsghdr.self)
            let size = Int(header.nlmsg_len) - MemoryLayout<nlmsghdr>.size
            guard size >= 0 else { throw reader.malformed("message of length \(header.nlmsg_len)") }
            let payload = try reader.take(count: size)
            // What is left of a request that failed half-way is not ours.
            guard header.nlmsg_seq == sequence else { continue }
            try add(header, payload)
        }
    }

    private mutating func add(_ header: nlmsghdr, _ payload: ArraySlice<UInt8>) throws(SystemError) {
        let flags = Int32(header.nlmsg_flags)
        if flags & NLM_F_DUMP_INTR != 0 {
            throw error(.interrupted, detail: "the list changed while it was read, try again")
        }
        switch Int32(header.nlmsg_type) {
        case NLMSG_DONE:
            isComplete = true
        case NLMSG_ERROR:
            try checkAcknowledgement(payload, flags: flags)
            isComplete = true
        case NLMSG_NOOP:
            break
        default:
            payloads.append(payload)
            isComplete = flags & NLM_F_MULTI == 0
        }
    }

    /// An error number (0: done), the request's header or, unless capped, all of it, then the kernel's explanation.
    private func checkAcknowledgement(_ payload: ArraySlice<UInt8>, flags: Int32) throws(SystemError) {
        var reader = NetlinkReader(payload)
        let code = try reader.take(Int32.self)
        guard code != 0 else { return }
        var explanation = ""
        if flags & NLM_F_ACK_TLVS != 0 {
            let request = try reader.take(nlmsghdr.self)
            if flags & NLM_F_CAPPED == 0 {
                _ = try reader.take(count: Int(request.nlmsg_len) - MemoryLayout<nlmsghdr>.size)
            }
            while let attribute = try reader.attribute() {
                if attribute.type == Int(NLMSGERR_ATTR_MSG.rawValue) { explanation = attribute.text }
            }
        }
        throw error(Errno(rawValue: -code), detail: explanation)
    }

    private func error(_ errno: Errno, detail: String) -> SystemError {
        SystemError(call: what, errno: errno, object: object, detail: detail)
    }
}
