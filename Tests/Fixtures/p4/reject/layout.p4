// SPDX-License-Identifier: Apache-2.0

// Fields and types that can't be.

#include <core.p4>

header empty_t {}
header nested_t { empty_t inside; bit<8> f; }
header textual_t { string text; varbit<8> a; varbit<8> b; }
header tuple_t { tuple<bit<8>> pair; }
enum plain_t { one, two }
header enumerated_t { plain_t value; }
header_union union_t { empty_t e; bit<8> f; }
struct structure_t { packet_in packet; void nothing; empty_t[0] stack; bit<8>[4] numbers; }
enum bit<8> valued_t { a = 1, b, c = 1 << 9 }
enum plain2_t { a = 1 }
enum structure_t wrong_t { a = 1 }
typedef bit<100000> huge_t;
typedef nowhere_t missing_t;
struct generic_t<T> { T value; }
typedef generic_t<bit<8>, bit<8>> too_many_t;
typedef generic_t bare_t;
typedef int<0> zero_t;
