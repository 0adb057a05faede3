// SPDX-License-Identifier: Apache-2.0

// A program without main.

#include <v1model.p4>
