// SPDX-License-Identifier: Apache-2.0
// Directives and macros, with the parser seeing what they make.

#define WIDTH 16
#define BITS(n) bit<n>
#define FIELD(type, name) type name;
#define PAIR(a, b) FIELD(a, first_##b) FIELD(a, second_##b)
#define TEXT(x) #x
#define EMPTY
#define CALL(f, ...) f(__VA_ARGS__)
#define LONG bit< \
    8 \
    >

#if defined(__p4c__) && __p4c_major__ >= 1 && !defined UNKNOWN
header H {
    BITS(WIDTH) a;
    PAIR(BITS(8), field)
    LONG long;
#ifdef UNKNOWN
    this is 'not read
#elif WIDTH == 16 /* a comment */ // another
    EMPTY bit<8> EMPTY chosen EMPTY;
#else
    neither this
#endif
}
#endif

@name(TEXT(some text))
const bit<8> C = __LINE__;
const string F = __FILE__;
extern void f(in bit<8> a, in bit<8> b);
action act() {
    CALL(f, 1, 2);
    CALL(f,
#ifndef NOT_THIS
        (3), /* inside
        arguments */
#endif
        4);
}
#undef WIDTH
#ifndef WIDTH
const bit<8> done = 1;
#endif
#line 100 "elsewhere.p4"
const bit<8> last = 1;
