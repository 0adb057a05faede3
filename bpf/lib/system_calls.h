// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The system calls of x86-64 that send on sockets and receive from them.

#ifndef P4NI_SYSTEM_CALLS_H
#define P4NI_SYSTEM_CALLS_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define P4NI_CALL_READ 0
#define P4NI_CALL_WRITE 1
#define P4NI_CALL_READV 19
#define P4NI_CALL_WRITEV 20
#define P4NI_CALL_SENDTO 44
#define P4NI_CALL_RECVFROM 45
#define P4NI_CALL_SENDMSG 46
#define P4NI_CALL_RECVMSG 47
#define P4NI_CALL_SENDMMSG 307
#define P4NI_CALL_IO_URING_ENTER 426

// Whether the call sends one message. Of those that send several, each but the first would count the kernel's work on
// those before it as the application's.
static __always_inline int p4ni_sends_one(__u64 call)
{
	return call == P4NI_CALL_SENDTO || call == P4NI_CALL_SENDMSG || call == P4NI_CALL_WRITE ||
	       call == P4NI_CALL_WRITEV;
}

// Whether the call receives one message, and returns when it has.
static __always_inline int p4ni_receives_one(__u64 call)
{
	return call == P4NI_CALL_READ || call == P4NI_CALL_READV || call == P4NI_CALL_RECVFROM ||
	       call == P4NI_CALL_RECVMSG;
}

#endif
