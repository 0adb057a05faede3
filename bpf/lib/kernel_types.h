// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The few fields of the kernel's own structures that are read. Where they lie is settled when a program is loaded, by
// the type information of the kernel at hand; a program that reads one which that kernel lacks is refused.

#ifndef P4NI_KERNEL_TYPES_H
#define P4NI_KERNEL_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	volatile unsigned char skc_state;
	possible_net_t skc_net;
};

struct sk_buff_head {
	__u32 qlen;
};

struct sock {
	struct sock_common __sk_common;
	struct sk_buff_head sk_receive_queue;
	__u16 sk_protocol;
};

struct udp_sock {
	struct sk_buff_head reader_queue;
};

struct tcp_sock {
	__u32 copied_seq;
	__u32 rcv_nxt;
	__u32 write_seq;
	__u32 total_retrans;
};

struct iov_iter {
	unsigned long count;
};

struct msghdr {
	struct iov_iter msg_iter;
};

struct sk_buff {
	struct sock *sk;
};

struct bpf_sock_addr_kern {
	struct sock *sk;
};

struct sched_info {
	unsigned long pcount;
	unsigned long long run_delay;
};

struct task_struct {
	int pid;
	struct sched_info sched_info;
};

// Of x86-64: on other processors there is no such field, and what needs it is left out.
struct pt_regs {
	unsigned long si;
	unsigned long orig_ax;
};

#pragma clang attribute pop

extern void *bpf_cast_to_kern_ctx(void *obj) __ksym;
extern void *bpf_rdonly_cast(const void *obj, __u32 type) __ksym;

#endif
