// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// A processor goes from one thread to another: for threads that are watched, because they have received requests, when
// they began to run and how long they had waited before. Runs for every switch of the machine; others cost it a look at
// two bits.

#include "lib/threads.h"
#include <bpf/bpf_tracing.h>

static __always_inline void p4ni_leaves(struct task_struct *task)
{
	__u32 pid = task->pid;
	struct p4ni_thread *thread = p4ni_thread_of(pid);

	if (pid && thread && p4ni_is_pid(thread->in, pid))
		thread->waited = p4ni_of_pid(task->sched_info.run_delay, pid);
}

static __always_inline void p4ni_comes(struct task_struct *task)
{
	__u32 pid = task->pid;
	struct p4ni_thread *thread = p4ni_thread_of(pid);

	if (!pid || !thread || !p4ni_is_pid(thread->in, pid))
		return;
	thread->in_before = thread->in;
	thread->in = p4ni_of_pid(bpf_ktime_get_ns(), pid);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(p4ni_switch, int preempted, struct task_struct *before, struct task_struct *after)
{
	struct p4ni_watched *watched = p4ni_watched_threads();

	if (!watched)
		return 0;
	if (p4ni_is_watched(watched, before->pid))
		p4ni_leaves(before);
	if (p4ni_is_watched(watched, after->pid))
		p4ni_comes(after);
	return 0;
}
