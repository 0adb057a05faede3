// SPDX-License-Identifier: Apache-2.0

public import SwitchIR

extension Assembly {
    /// Basic IPv4 forwarding: longest prefix, TTL, MAC addresses, header checksum; what is not IPv4 or has no
    /// route is dropped. Table 0 is `MyIngress.ipv4_lpm`, action 1 `MyIngress.ipv4_forward(dstAddr, port)`.
    public static func router() -> SwitchProgram {
        var p = Assembly()
        let ethernet = p.header("hdr.ethernet", [("dstAddr", 48), ("srcAddr", 48), ("etherType", 16)])
        let ipv4 = p.header(
            "hdr.ipv4",
            [
                ("version", 4), ("ihl", 4), ("diffserv", 8), ("totalLen", 16), ("identification", 16), ("flags", 3),
                ("fragOffset", 13), ("ttl", 8), ("protocol", 8), ("hdrChecksum", 16), ("srcAddr", 32), ("dstAddr", 32),
            ])
        let (key, scratch, hit, ran) = (p.local(), p.local(), p.local(), p.local())
        p.action("MyIngress.drop") { p, _ in
            p.set(.egressSpec, 511)
            p.set(.mcastGrp, 0)
        }
        p.action("MyIngress.ipv4_forward", [("dstAddr", 48), ("port", 9)]) { p, slots in
            p.op(.copy, w: 9, a: StandardMetadata.egressSpec.slot, b: slots[1])
            p.op(.loadField, w: 48, a: scratch, b: ethernet, d: 0)
            p.op(.storeField, w: 48, a: ethernet, b: scratch, d: 48)
            p.op(.storeField, w: 48, a: ethernet, b: slots[0], d: 0)
            p.op(.loadField, w: 8, a: scratch, b: ipv4, d: 64)
            p.op(.sub, w: 8, a: scratch, b: scratch, c: p.constant(1))
            p.op(.storeField, w: 8, a: ipv4, b: scratch, d: 64)
        }
        let routes = p.table("MyIngress.ipv4_lpm", keys: [("hdr.ipv4.dstAddr", .lpm, 32, key)], actions: [0, 1])
        p.parser { p in
            let done = p.label()
            p.op(.extract, a: ethernet)
            p.op(.loadField, w: 16, a: scratch, b: ethernet, d: 96)
            p.jump(.branchIfNotEqual, b: scratch, c: p.constant(0x0800), to: done)
            p.op(.extract, a: ipv4)
            p.place(done)
        }
        p.verifyChecksum { p in p.checkIPv4(ipv4, into: scratch) }
        p.ingress { p in
            let (other, done) = (p.label(), p.label())
            p.op(.isValid, a: scratch, b: ipv4)
            p.jump(.branchIfZero, b: scratch, to: other)
            p.op(.loadField, w: 32, a: key, b: ipv4, d: 128)
            p.op(.apply, a: hit, b: ran, d: routes)
            p.jump(.jump, to: done)
            p.place(other)
            p.set(.egressSpec, 511)
            p.place(done)
        }
        p.computeChecksum { p in p.checkIPv4(ipv4, into: scratch, updates: true) }
        p.deparser { p in
            p.op(.emit, a: ethernet)
            p.op(.emit, a: ipv4)
        }
        return p.program("router.p4")
    }

    /// The checksum of an IPv4 header: written into it, or compared with what it holds.
    mutating func checkIPv4(_ ipv4: Int, into scratch: Int, updates: Bool = false) {
        let done = label()
        let other = local()
        op(.isValid, a: scratch, b: ipv4)
        jump(.branchIfZero, b: scratch, to: done)
        op(.hashBegin)
        for field in headers[ipv4].fields where field.name != "hdrChecksum" {
            op(.hashField, w: field.width, b: ipv4, d: field.bitOffset)
        }
        op(.hashEnd, w: 16, a: scratch, d: Int(HashAlgorithm.csum16.rawValue))
        if updates {
            op(.storeField, w: 16, a: ipv4, b: scratch, d: 80)
        } else {
            op(.loadField, w: 16, a: other, b: ipv4, d: 80)
            jump(.branchIfEqual, b: scratch, c: other, to: done)
            set(.checksumError, 1)
        }
        place(done)
    }
}
