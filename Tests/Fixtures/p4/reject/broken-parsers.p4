// SPDX-License-Identifier: Apache-2.0

header H { bit<8> a; bit<8> b; }
parser P(inout H h) {
    state start {
        h.a = ;
        return;
        switch (h.a) { default: { } }
        transition select(h.a) {
            1 accept;
            2: ;
            3: accept
            (4, 5): one
            default: one;
        }
        h.b = 1;
    }
    state one { transition select h.a { } }
    state two { transition }
    state three { transition accept }
    value_set<bit<8>> values;
    bit<8> late;
}
