// SPDX-License-Identifier: Apache-2.0

/// Which of an interface's offloads come between telemetry and the wire.
struct OffloadChecks {
    static let fix = "host attach --fix-offloads"

    let facts: InterfaceFacts

    var findings: [Finding] {
        [segmentation, transmitChecksum, largeReceive, genericReceive, receiveChecksum, receiveVLAN]
    }

    private var offloads: OffloadFacts { facts.offloads }
    private var name: String { facts.name }

    private var segmentation: Finding {
        let reason = "a reply handed over as one packet of many segments is never broken: it goes out plain"
        let found =
            "TSO \(Self.word(offloads.tcpSegmentation)), GSO \(Self.word(offloads.genericSegmentation)), "
            + "gso_max_segs \(offloads.segmentLimit)"
        guard offloads.tcpSegmentation || offloads.genericSegmentation || offloads.segmentLimit > 1 else {
            return Finding("segmentation", .ok, found, because: reason)
        }
        return Finding(
            "segmentation", .warning, found,
            because: reason + " (tc_segmented); TSO and GSO off do not stop TCP from that, gso_max_segs 1 does",
            advice: "for replies longer than a segment: ethtool -K \(name) tso off gso off; "
                + "ip link set \(name) gso_max_segs 1; or \(Self.fix). Bulk senders become slower by it")
    }

    private var transmitChecksum: Finding {
        let reason = "a checksum left for later is the card's to fill in, which does not find it after telemetry"
        guard offloads.transmitChecksum else { return Finding("transmit-checksum", .ok, "off", because: reason) }
        return Finding(
            "transmit-checksum", .warning, "on",
            because: reason + "; between virtual interfaces nobody ever fills it in, and a switch sees it wrong",
            advice: "ethtool -K \(name) tx off; or \(Self.fix). "
                + "A card that gets the place of the sum from the kernel may keep it")
    }

    private var largeReceive: Finding {
        let reason =
            "frames the card has joined never come to XDP as they were sent, and drivers refuse XDP while it is on"
        guard offloads.largeReceive else { return Finding("large-receive", .ok, "off", because: reason) }
        return Finding(
            "large-receive", .warning, "on", because: reason,
            advice: "ethtool -K \(name) lro off; or \(Self.fix)")
    }

    private var genericReceive: Finding {
        let found = Self.word(offloads.genericReceive)
        guard offloads.genericReceive, InterfaceChecks.willBeGeneric(facts) else {
            return Finding(
                "generic-receive", .ok, found,
                because: "GRO joins segments after native XDP, and never frames with telemetry: it may stay on")
        }
        return Finding(
            "generic-receive", .warning, found,
            because: "generic XDP comes after GRO, and has every joined packet copied into one piece first",
            advice: "ethtool -K \(name) gro off; or \(Self.fix)")
    }

    private var receiveChecksum: Finding {
        Finding(
            "receive-checksum", .ok, Self.word(offloads.receiveChecksum),
            because: "the inner packet is never altered: what was summed stays right, on or off")
    }

    private var receiveVLAN: Finding {
        Finding(
            "receive-vlan", .ok, Self.word(offloads.receiveVLAN),
            because: "the programs look past up to two tags, and need none: on or off")
    }

    private static func word(_ on: Bool) -> String { on ? "on" : "off" }
}
