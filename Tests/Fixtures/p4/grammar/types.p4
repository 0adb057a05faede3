// SPDX-License-Identifier: Apache-2.0
// Every kind of type and type declaration.

error { NoError, Custom, }
match_kind { exact, @deprecated("no") ternary }

const int UNSIZED = 5;
const bit ONE = 1;
const bit<(UNSIZED + 3)> EIGHT = 0;
const int<(UNSIZED)> FIVE = -1;
const string TEXT = "with \"quotes\", a \\ and\tmore";

typedef bit<48> mac_t;
typedef mac_t[4] macs_t;
type bit<9> Port_t;
@p4runtime_translation("p4.org/psa/v1/PortId_t", 32)
type bit<32> PortIdUint_t;
typedef struct Inner { bit<8> a; } InnerAgain;
typedef tuple<bit<8>, bool> Pair;
typedef list<tuple<bit<8>, bit<16>>> Pairs;
typedef .Pair SamePair;

enum Plain { a, b, c, }
enum bit<8> WithValues { one = 1, two = 1 + 1, @note last = 8w0xFF }
enum Port_t Ports { cpu = 510 }

header empty_t { }
header ethernet_t {
    @format("mac") mac_t dst;
    mac_t src;
    bit<16> type;
}
header options_t { bit<8> length; varbit<320> data; }
header generic_t<T> { T field; }
header_union either_t { ethernet_t e; options_t o; }

struct nested_t<T, U> {
    T first;
    U second;
    tuple<T, list<U>, error> others;
    generic_t<bit<8>>[3] stack;
    generic_t<generic_t<bit<8>>> deep;
    bool flag;
    int<7> signed;
    error err;
    match_kind kind;
    string text;
    either_t[2] unions;
    bit<(8 * 2 + (4 - 1))> wide;
}

extern Forward;
extern Nothing { }
extern Store<T, I> {
    Store(I size);
    Store(I size, T initial = 0);
    T get(in I index);
    @synchronous(read) void put<V>(in I index, in T value, @optional in V extra);
    abstract T merge(in T left, in T right);
    bit<8> key(in bit<8> state);
}
extern T identity<T>(in T value);
extern void many<A, B, C>(in A a, out B b, inout C c, bit<8> d);
extern Store<bit<8>, bit<32>> make(in bit<8> n);
@pure extern bit<8> plain();

parser ParserType<H>(packet_in_t b, out H h);
control ControlType<H, M>(inout H h, inout M m);
package Pack<H, M>(ParserType<H> p, ControlType<H, M> c, @optional ControlType<H, M> d, bool flag = true);
