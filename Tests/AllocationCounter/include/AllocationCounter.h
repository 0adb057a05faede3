/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How often the calling thread has asked for memory so far. */
unsigned long p4ni_allocation_count(void);
