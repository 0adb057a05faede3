// SPDX-License-Identifier: Apache-2.0

// The core library of P4_16, which every program may use on any target. P4_16 language
// specification, appendix "P4 core library".

#ifndef P4NETINTEL_CORE_P4
#define P4NETINTEL_CORE_P4

// Errors of parsers; programs and targets may add more.
error {
    NoError,            // nothing went wrong
    PacketTooShort,     // extract, lookahead or advance asked for more bits than are left
    NoMatch,            // no case of a select expression matched
    StackOutOfBounds,   // a header stack has no further element
    HeaderTooShort,     // a varbit field is longer than its type allows
    ParserTimeout,      // the parser took longer than the target allows
    ParserInvalidArgument  // an operation was given a value that the target cannot use
}

// The packet as a parser reads it.
extern packet_in {
    // Reads a header of fixed size, makes it valid, and advances.
    void extract<T>(out T hdr);
    // The same for a header with one varbit field, which gets the given number of bits.
    void extract<T>(out T variableSizeHeader, in bit<32> variableFieldSizeInBits);
    // Reads without advancing.
    T lookahead<T>();
    // Advances without reading.
    void advance(in bit<32> sizeInBits);
    // The size of the packet in bytes; not every target knows it.
    bit<32> length();
}

// The packet as a deparser writes it.
extern packet_out {
    // Appends a header if it is valid; of a stack or struct, every valid header in order.
    void emit<T>(in T hdr);
}

// In a parser: a transition to the state reject with the given error if the check is false.
extern void verify(in bool check, in error toSignal);

// Does nothing; the default action of tables without a `default_action`.
@noWarn("unused")
action NoAction() {}

// How a table compares a key with its entries; targets add more.
match_kind {
    exact,      // equal
    ternary,    // equal where the entry's mask has ones
    lpm         // the entry with the longest matching prefix
}

// Checked at compile time: false is an error. The result is always true, so a constant can hold it.
extern bool static_assert(bool check, string message);
extern bool static_assert(bool check);

#endif
