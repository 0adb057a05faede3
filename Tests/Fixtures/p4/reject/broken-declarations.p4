// SPDX-License-Identifier: Apache-2.0

bit<8> global = 1;
global = 2;
global.apply();
table t { }
const = 3;
const bit<8> ;
header { bit<8> a; }
header Duplicate bit<8> a; }
header H { bit<8>; bit<8> control; varbit x; bit<8> ok; }
struct { }
enum E { a b, c }
enum bit<8> { a = 1 }
error { A, 3 }
typedef bit<8>;
typedef struct Q { bit<8> a; }
extern { void f(); }
extern X { void (); X(in bit<8> a; Y(); void g(); }
extern void f(in bit<8>, out bit<8> b);
action (bit<8> a) { }
action act(bit<8> a, ) { a = 1; }
package P(bit<8> a)
void fn { return; }
parser R(bit<8> a) { stat start { transition accept; } state s { transition ; } bit<8> late; }
control K { apply { } }
control L(inout H h) { action a { } table t { keys = { h.a: exact; } } }
control M(inout H h) { apply { } apply { } action late() { } }
@name( const bit<8> swallowed = 1;
const bit<8> tail = ;
