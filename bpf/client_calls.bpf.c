// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Where a send call begins, and where a receive call ends. Both run for every such call on the machine, so they leave
// early.

#include "lib/client_calls.h"
#include "lib/client_reports.h"
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct in6_addr___p4ni {
	struct {
		__be32 u6_addr32[4];
	} in6_u;
};
struct sock_common___p4ni {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	struct in6_addr___p4ni skc_v6_daddr;
	struct in6_addr___p4ni skc_v6_rcv_saddr;
};
struct sock___p4ni {
	struct sock_common___p4ni __sk_common;
	__u16 sk_protocol;
};
#pragma clang attribute pop

#define P4NI_AF_INET 2
#define P4NI_MSG_PEEK 0x2
#define P4NI_MSG_ERRQUEUE 0x2000

SEC("tp_btf/sys_enter")
int BPF_PROG(p4ni_send_begins, struct pt_regs___p4ni *regs, long call)
{
	struct task_struct___p4ni *task;
	struct tcp_sock___p4ni *tcp;
	struct p4ni_caller *caller;
	__u32 written;
	__u64 now;

	if (!p4ni_sends_one(call))
		return 0;
	now = bpf_ktime_get_tai_ns();
	task = (void *)bpf_get_current_task_btf();
	caller = p4ni_caller_of(task->pid);
	if (!caller)
		return 0;
	tcp = (void *)p4ni_socket_of(task, regs->di);
	written = BPF_CORE_READ(tcp, write_seq);
	caller->time = now;
	caller->sk = (__u64)tcp;
	caller->written = written;
	caller->check = p4ni_caller_check(now, (__u64)tcp, written, task->pid);
	return 0;
}

// The flow that a connected socket sends on.
static __always_inline void p4ni_flow_of_socket(struct sock___p4ni *sk, struct p4ni_client_flow *flow)
{
	__builtin_memset(flow, 0, sizeof(*flow));
	flow->protocol = IPPROTO_TCP;
	flow->source_port = bpf_htons(sk->__sk_common.skc_num);
	flow->destination_port = sk->__sk_common.skc_dport;
	if (sk->__sk_common.skc_family == P4NI_AF_INET) {
		flow->source[2] = bpf_htonl(0xffff);
		flow->source[3] = sk->__sk_common.skc_rcv_saddr;
		flow->destination[2] = bpf_htonl(0xffff);
		flow->destination[3] = sk->__sk_common.skc_daddr;
		return;
	}
	BPF_CORE_READ_INTO(&flow->source, sk, __sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32);
	BPF_CORE_READ_INTO(&flow->destination, sk, __sk_common.skc_v6_daddr.in6_u.u6_addr32);
}

// The entry's reply has been taken out of the socket: says so once.
static __always_inline void
p4ni_report_received(const struct p4ni_client_flow *flow, struct p4ni_sent *entry, __u32 copied, __u32 host_id)
{
	struct p4ni_report *report;

	if (*(volatile __u32 *)&entry->arrived != 1 || (__s32)(copied - entry->answer) < 0)
		return;
	if (__sync_val_compare_and_swap(&entry->arrived, 1, 2) != 1)
		return;
	report = bpf_ringbuf_reserve(&p4ni_reports, P4NI_REPORT_FIXED, 0);
	if (!report)
		return;
	__builtin_memset(report, 0, P4NI_REPORT_FIXED);
	report->kind = P4NI_REPORT_RECEIVED;
	report->flow = *flow;
	report->host_id = host_id;
	report->sequence = entry->sequence;
	report->sent = entry->sent;
	report->called = entry->called;
	report->received = bpf_ktime_get_tai_ns();
	bpf_ringbuf_submit(report, 0);
}

// TCP only: the socket records how far the application has read. No socket records which datagram a call has taken.
SEC("tp_btf/sock_recv_length")
int BPF_PROG(p4ni_receive_ends, struct sock___p4ni *sk, int length, int flags)
{
	struct p4ni_client_settings *settings;
	struct p4ni_flow_state *state;
	struct p4ni_client_flow flow;
	struct tcp_sock___p4ni *tcp;
	__u32 copied, i;

	if (length <= 0 || flags & (P4NI_MSG_PEEK | P4NI_MSG_ERRQUEUE) || sk->sk_protocol != IPPROTO_TCP)
		return 0;
	settings = p4ni_client_settings();
	p4ni_flow_of_socket(sk, &flow);
	state = bpf_map_lookup_elem(&p4ni_flows, &flow);
	tcp = (void *)bpf_skc_to_tcp_sock((void *)sk);
	if (!state || !tcp || !settings)
		return 0;
	copied = tcp->copied_seq;
	for (i = 0; i < P4NI_RECENT; i++)
		p4ni_report_received(&flow, &state->recent[i], copied, settings->host_id);
	return 0;
}
