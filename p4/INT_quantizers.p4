// SPDX-License-Identifier: Apache-2.0

// Values in fewer bits: the classes of level 4, the logarithms of levels 5 and 6.

#ifndef INT_QUANTIZERS_P4
#define INT_QUANTIZERS_P4

// The classes of level 4: 0 idle, 1 low, 2 high, 3 critical. Tables of INTEgress hold their
// thresholds.
bit<2> queue_class(in bit<19> depth, in class_limits_t limits) {
    return depth == 0 ? 2w0 : (depth < limits.queue_high ? 2w1 : (depth < limits.queue_critical ? 2w2 : 2w3));
}

bit<2> length_class(in bit<32> bytes, in class_limits_t limits) {
    return bytes < limits.length_low
        ? 2w0 : (bytes < limits.length_high ? 2w1 : (bytes < limits.length_critical ? 2w2 : 2w3));
}

bit<2> latency_class(in bit<48> microseconds, in class_limits_t limits) {
    return microseconds < limits.latency_low
        ? 2w0 : (microseconds < limits.latency_high ? 2w1 : (microseconds < limits.latency_critical ? 2w2 : 2w3));
}

// A value as an exponent and a 4-bit mantissa whose leading 1 is implicit.
//
// With s the number of bits that the value has beyond 4 (else 0), the code is 8 s + (value >> s): values below 16 are
// their own code, and the code grows with the value without a gap. A code covers 2^s values, which are within 1/8 of
// the least of them; decoded as their middle, each is off by less than 1/16. 2^34 and more is 255.
control LogarithmicCode(in bit<48> value, out bit<8> code) {
    bit<48> rest = value;
    bit<8> shift = 0;

    apply {
        if (value >= 1 << 34) {
            code = 255;
        } else {
            // Halves the number of bits that may have to be dropped, until 4 are left.
            if (rest >= 1 << 19) {
                rest = rest >> 16;
                shift = 16;
            }
            if (rest >= 1 << 11) {
                rest = rest >> 8;
                shift = shift + 8;
            }
            if (rest >= 1 << 7) {
                rest = rest >> 4;
                shift = shift + 4;
            }
            if (rest >= 1 << 5) {
                rest = rest >> 2;
                shift = shift + 2;
            }
            if (rest >= 1 << 4) {
                rest = rest >> 1;
                shift = shift + 1;
            }
            code = (shift << 3) + (bit<8>) rest;
        }
    }
}

#endif
