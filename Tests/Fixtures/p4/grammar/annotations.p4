// SPDX-License-Identifier: Apache-2.0
// Annotations wherever they may stand.

#pragma whatever is ignored "here
@pragma command_line --option value
@empty() @single(x) @text("a" "b") @free(any thing: {goes} (even, these) 1 2 3; @x) @nested[1, "two", a + 3]
const bit<8> A = 1;
@keys[name = "n", value = 3 + 4, ok = true,] @none[] @abstract @table(x) @field_list(1, 2)
const bit<8> B = 2;
@a enum bit<8> X1 { @c one = 1 }
struct M {
    @field_list(1) @name("m.a") bit<8> a;
    @field_list(0, 1) bit<8> b;
}
@e extern void f(@optional in bit<8> a, @f @g out bit<8> b);
@h action act(@i bit<8> a) { @j { @k f(1, a); } @l if (a == 1) { } @m return; }
@n control C(@o inout M m) {
    @p bit<8> v;
    @q const bit<8> c = 1;
    @r action a() { }
    @s table t {
        @t key = { m.a: exact @name("key a") @u; }
        @v actions = { @w a; @tableonly @x("y") act(1); }
        @y const default_action = a();
        @z size = 3;
    }
    @aa apply { @ab bit<8> l = 1; @ac t.apply(); }
}
