// SPDX-License-Identifier: Apache-2.0

// Tables: keys, actions, default action, entries.

#include <core.p4>
#include <v1model.p4>

header h_t { bit<32> address; bit<8> kind; }
struct headers_t { h_t h; }

control C(inout headers_t hdr, inout standard_metadata_t meta) {
    direct_counter(CounterType.packets) hits;
    register<bit<8>>(4) cells;

    action forward(bit<9> port) { meta.egress_spec = port; }
    action drop() { mark_to_drop(meta); }
    action bound(inout bit<8> kind, bit<8> value) { kind = value; }
    action unlisted() {}

    table routes {
        key = { hdr.h.address: lmp; hdr.h.adress: exact; hdr.h: exact; }
        actions = { forward; drop; forward; bound; bound(hdr.h.kind); bound(3); missing; hits; }
        default_action = unlisted();
        size = -1;
        size = 4;
        counters = cells;
        colour = 3;
    }

    table rules {
        key = { hdr.h.address: ternary; hdr.h.kind: exact; }
        actions = { forward; drop; bound(hdr.h.kind); }
        const default_action = forward();
        const entries = {
            (0x0A000000 &&& 0xFF000000, 1): forward(1);
            (0x0A000000, 1): forward(600);
            (0x0A000000, 1): forward(true);
            (0x0A000000, true): drop();
            (0x0A000000): drop();
            (_, 2): dorp();
            (_, 3): forward(meta.ingress_port);
            (_, 4): bound(hdr.h.kind, 5);
            (_, 5): bound(5);
        }
    }

    table bare {
        key = { hdr.h.kind: exact; }
    }

    apply {
        routes();
        routes.apply(1);
        if (rules.apply().hti) {}
        switch (rules.apply().action_run) {
            forward: {}
            drop: {}
            unlisted: {}
            drop: {}
            1: {}
        }
        switch (hdr.h.kind) {
            1: {}
            1: {}
            true: {}
            hdr.h.kind: {}
        }
        hits.count(1);
        cells.read(meta.egress_spec, 1);
        cells.write(1);
        register<bit<8>>(4) late;
    }
}
