// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// Requests to the kernel on one netlink socket, one at a time, and their answers.
struct NetlinkSession {
    private let transport: any NetlinkTransport
    private var sequence: UInt32 = 0

    init(transport: any NetlinkTransport) {
        self.transport = transport
    }

    /// Sends a request that changes something, and waits until it is done.
    /// - Parameter call: what the request does, for its error.
    mutating func order(
        _ type: Int, flags: Int32 = 0, call: String, on object: String, _ write: (inout NetlinkWriter) -> Void
    ) throws(SystemError) {
        _ = try exchange(type, flags: flags | NLM_F_ACK, call: call, on: object, write)
    }

    /// Sends a question.
    /// - Returns: the payloads of all messages of the answer.
    mutating func question(
        _ type: Int, flags: Int32 = 0, call: String, on object: String = "", _ write: (inout NetlinkWriter) -> Void
    ) throws(SystemError) -> [ArraySlice<UInt8>] {
        try exchange(type, flags: flags, call: call, on: object, write)
    }

    private mutating func exchange(
        _ type: Int, flags: Int32, call: String, on object: String, _ write: (inout NetlinkWriter) -> Void
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
        var answer = NetlinkAnswer(sequence: sequence, call: call, object: object)
        while !answer.isComplete { try answer.add(try transport.receive()) }
        return answer.payloads
    }
}

/// The messages that answer one request, until the one that ends them.
private struct NetlinkAnswer {
    let sequence: UInt32
    let call: String
    let object: String
    private(set) var payloads: [ArraySlice<UInt8>] = []
    private(set) var isComplete = false

    init(sequence: UInt32, call: String, object: String) {
        self.sequence = sequence
        self.call = call
        self.object = object
    }

    mutating func add(_ datagram: [UInt8]) throws(SystemError) {
        var reader = NetlinkReader(datagram[...])
        while !reader.isAtEnd, !isComplete {
            let header = try reader.read(nlmsghdr.self)
            let size = Int(header.nlmsg_len) - MemoryLayout<nlmsghdr>.size
            guard size >= 0 else { throw reader.malformed("message of length \(header.nlmsg_len)") }
            let payload = try reader.read(count: size)
            // The rest of the answer to an earlier request that failed half-way.
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
        let code = try reader.read(Int32.self)
        guard code != 0 else { return }
        var explanation = ""
        if flags & NLM_F_ACK_TLVS != 0 {
            let request = try reader.read(nlmsghdr.self)
            if flags & NLM_F_CAPPED == 0 {
                _ = try reader.read(count: Int(request.nlmsg_len) - MemoryLayout<nlmsghdr>.size)
            }
            while let attribute = try reader.attribute() {
                if attribute.type == Int(NLMSGERR_ATTR_MSG.rawValue) { explanation = attribute.text }
            }
        }
        throw error(Errno(rawValue: -code), detail: explanation)
    }

    private func error(_ errno: Errno, detail: String) -> SystemError {
        SystemError(call: call, errno: errno, object: object, detail: detail)
    }
}
