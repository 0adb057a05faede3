// SPDX-License-Identifier: Apache-2.0
// Every statement.

error { NoError }
header H { bit<8> x; bit<8> y; }
struct S { H h; H[4] stack; bit<8> a; bit<32> b; }
extern void log(string text);
extern void two(in bit<8> left, in bit<8> right);
extern Counter { Counter(bit<32> size); void count(in bit<32> index); }
extern Reducer<T> { Reducer(); abstract T reduce(in T a, in T b); abstract void reset(); }

bit<8> increment(in bit<8> value) {
    return value + 1;
}
T same<T>(in T value) { return value; }
void nothing() { return; }
bit<8> apply(in bit<8> key) { return key; }

action top(inout bit<8> v, bit<8> data) { v = data; }

control Inner(inout S s)(bit<8> n = 3) {
    apply { s.a = n; }
}
control Wrapped<T>(inout T t) { apply { } }

control C(inout S s, in bit<8> key, inout bit<8> state) {
    const bit<8> LOCAL = 7;
    bit<8> variable;
    bit<8> initialised = LOCAL;
    Counter(1024) counter;
    @name("renamed") Inner(4) inner;
    Inner() other;
    Wrapped<bit<8>>() wrapped;
    Reducer<bit<8>>() reducer = {
        Counter(4) mine;
        bit<8> reduce(in bit<8> a, in bit<8> b) { mine.count(0); return a + b; }
        void reset() { this.reset(); }
    };

    action none() { }
    @name(".outer.act") @hidden
    action act(in bit<8> a, inout bit<8> b, bit<32> c) {
        b = a;
        if (c == 0) { return; }
        exit;
    }

    table t {
        key = { s.a: exact; s.h.x & 8w0xF0: ternary @name("masked"); s.h.isValid(): exact; }
        actions = { none; @tableonly act(s.a, s.b[7:0]); @defaultonly .top(variable); }
        default_action = none();
        size = 1024;
    }
    table u {
        key = { s.a: exact; }
        actions = { none; act(s.a, variable); }
        const default_action = none;
        const entries = {
            1: none();
            0x02: act(3);
            const 8w3: none;
        }
    }
    table v {
        key = { s.a: ternary; s.h.y: ternary; key: lpm; state: range; }
        actions = { none; }
        largest_priority_wins = false;
        priority_delta = 10;
        @note entries = {
            const priority=10: (1, 2, 3, 4): none();
            priority=(5 + 5): (1 &&& 0xF, _, 0x10 &&& 0xF0, 3 .. 4) : none() @name("one");
            (_, _, _, _): none() @priority(3);
            (default, default, default, default): none;
        }
        implementation = same(3);
        counters = counter;
    }
    table w { actions = { none; } }

    apply {
        ;
        { }
        { bit<8> variable = 1; s.a = variable; }
        bit<8> local;
        local = 1;
        S copy = s;
        H fresh = { 1, 2 };
        tuple<bit<8>, bool> pair = { 1, true };
        const bit<8> inside = 3;
        error e = error.NoError;
        local += 1; local -= 1; local *= 2; local /= 2; local %= 3;
        local &= 1; local |= 1; local ^= 1; local <<= 1; local >>= 1;
        local |+|= 1; local |-|= 1;
        s.stack[0] = s.stack[1];
        s.stack[s.a].x = 2;
        s.stack.push_front(1);
        s.stack.last.x = 3;
        s.b[15:8] = 8w3;
        s.h.setValid();
        s = { s.h, s.stack, ... };
        log("text");
        two(1, 2);
        two(right = 1, left = 2);
        local = increment(same<bit<8>>(1));
        nothing();
        act(1, local, 2);
        counter.count(3);
        inner.apply(s);
        Inner.apply(s);
        Wrapped<bit<8>>.apply(local);
        wrapped.apply(local);
        t.apply();
        if (t.apply().hit) { local = 1; } else if (!u.apply().miss) local = 2; else { local = 3; }
        if (local == 1 || s.a < local && local > (2))
            if (true) ; else { }
        switch (t.apply().action_run) {
            none: { local = 1; }
            act:
            top: { local = 2; }
            default: { local = 3; }
        }
        switch (local) {
            1: { }
            2 + 3:
            8w7: { exit; }
            default: { return; }
        }
        @atomic { s.a = 1; @note s.a = 2; }
        for (bit<8> i = 0; i < 8; i = i + 1) { local = i; continue; }
        for (bit<8> i = 0, bit<8> j = 1; i < j; i = i + 2, j += 1) local = i;
        for (; local > 0;) { local = local - 1; break; }
        for (bit<8> i in 0 .. 7) { if (i == 3) break; }
        for (@unroll bit<8> i in { 1, 2, 3 }) local = i;
        @unroll for (H h in s.stack) { local = h.x; }
        bit<8> type = 1;
        bit<8> priority = type;
        type = priority;
        state = key;
        local = apply(key);
    }
}
