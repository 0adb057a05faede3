// SPDX-License-Identifier: Apache-2.0

header H { bit<8> a; bit<8> b; }

control C(inout H h) {
    apply {
        if h.a == 1 { h.a = 2; } else { h.a = 3; }
        else { h.a = 1; }
        if (h.a == 1 { h.a = 2; } else { h.a = 4; }
        switch (h.a) { 1: h.a = 2; default: { h.b = 1; } 3 { } }
        switch h.a { 1: { h.b = ; } }
        for (bit<8> i = 0; i < 3, i = i + 1) { }
        for (bit<8> in 0 .. 3) { }
        table t { key = { h.a: exact; } }
        return 1
        exit 3;
        transition accept;
        const bit<8> k;
        bit<8> = 3;
        bit<8> x y;
        bit<> z;
        bit<W> w;
        h.b = ;
    }
}
