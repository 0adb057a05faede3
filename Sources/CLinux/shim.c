/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinux.h"

#include <string.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

_Static_assert(sizeof(struct tpacket2_hdr) == 32, "the ring's frame header");
_Static_assert(sizeof(struct nlmsghdr) == 16, "rtnetlink message header");
_Static_assert(sizeof(struct ifinfomsg) == 16, "rtnetlink link message");

const char *p4ni_errno_name(int number) { return strerrorname_np(number); }

int p4ni_send_frames(int fd, const void *slots, uint32_t slot_size, const uint32_t *lengths, unsigned count) {
    struct mmsghdr messages[P4NI_SEND_BATCH];
    struct iovec vectors[P4NI_SEND_BATCH];
    if (count > P4NI_SEND_BATCH)
        count = P4NI_SEND_BATCH;
    for (unsigned i = 0; i < count; i++) {
        vectors[i].iov_base = (char *)slots + (size_t)i * slot_size;
        vectors[i].iov_len = lengths[i];
        messages[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[i], .msg_iovlen = 1}};
    }
    return sendmmsg(fd, messages, count, MSG_DONTWAIT);
}

int p4ni_read_clock_state(struct p4ni_clock_state *state) {
    struct timex clock = {.modes = 0};
    if (adjtimex(&clock) < 0)
        return -1;
    *state = (struct p4ni_clock_state){
        .maximum_error = clock.maxerror, .tai_offset = clock.tai, .synchronised = !(clock.status & STA_UNSYNC)};
    return 0;
}

int p4ni_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int p4ni_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}
