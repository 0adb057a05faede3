// SPDX-License-Identifier: Apache-2.0

internal import CLinux

extension RouteSession {
    /// How many segments TCP may hand to the interface as one packet, to be cut later (`gso_max_segs`).
    public mutating func segmentLimit(of name: String) throws(SystemError) -> Int {
        let index = try link(named: name).index
        var request = ifinfomsg()
        request.ifi_index = index
        let answers = try question(Int(RTM_GETLINK), "look up link", on: name) { $0.append(request) }
        guard let answer = answers.first else {
            throw SystemError(call: "look up link", errno: .badMessage, object: name, detail: "no answer")
        }
        var reader = NetlinkReader(answer)
        _ = try reader.take(ifinfomsg.self)
        while let attribute = try reader.attribute() {
            if attribute.type == Int(IFLA_GSO_MAX_SEGS) { return Int(try attribute.integer()) }
        }
        throw SystemError(call: "look up link", errno: .badMessage, object: name, detail: "no gso_max_segs")
    }

    /// With 1, TCP makes its segments itself. Turning segmentation offloads off does not do that: TCP then still
    /// hands over packets of many segments, which the kernel cuts behind the hooks of TC.
    public mutating func setSegmentLimit(_ segments: Int, of name: String) throws(SystemError) {
        var request = ifinfomsg()
        request.ifi_index = try link(named: name).index
        try order(Int(RTM_NEWLINK), "set gso_max_segs of link", on: name) { message in
            message.append(request)
            message.attribute(Int(IFLA_GSO_MAX_SEGS), value: UInt32(clamping: segments))
        }
    }
}
