// SPDX-License-Identifier: Apache-2.0

header H { bit<8> a; bit<8> b; }

control C(inout H h) {
    action none() { }
    table one {
        key = { h.a exact; h.b: ; h.a: ternary }
        actions = { none, none; (1); }
        default_action none();
        size = ;
        const entries = {
            1 none();
            2: ;
            (1, 2: none();
            priority=1 3: none();
            4: none() 5: none();
            6: none();
        }
    }
    table two
    apply { one.apply(); }
}
