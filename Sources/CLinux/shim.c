/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/magic.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>

_Static_assert(sizeof(struct tpacket2_hdr) == 32, "the ring's frame header");
_Static_assert(sizeof(struct nlmsghdr) == 16, "rtnetlink message header");
_Static_assert(sizeof(struct ifinfomsg) == 16, "rtnetlink link message");

const char *p4ni_errno_name(int number) { return strerrorname_np(number); }

int p4ni_enter_network_namespace(int fd) { return setns(fd, CLONE_NEWNET); }

int p4ni_unshare_network_namespace(void) { return unshare(CLONE_NEWNET); }

int p4ni_is_namespace(const char *path) {
    struct statfs file;
    return statfs(path, &file) == 0 && file.f_type == NSFS_MAGIC;
}

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

/* -1 with ENAMETOOLONG instead of a name cut short, which could be another interface's. */
static int named_request(struct ifreq *request, const char *name) {
    memset(request, 0, sizeof *request);
    if (strlen(name) >= sizeof request->ifr_name) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(request->ifr_name, name);
    return 0;
}

int p4ni_interface_flags(int fd, const char *name, uint32_t *flags) {
    struct ifreq request;
    if (named_request(&request, name) < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
        return -1;
    *flags = (uint16_t)request.ifr_flags;
    return 0;
}

static int ethtool(int fd, const char *name, void *command) {
    struct ifreq request;
    if (named_request(&request, name) < 0)
        return -1;
    request.ifr_data = command;
    return ioctl(fd, SIOCETHTOOL, &request);
}

int p4ni_ethtool_get(int fd, const char *name, uint32_t command, uint32_t *value) {
    struct ethtool_value request = {.cmd = command};
    int result = ethtool(fd, name, &request);
    *value = request.data;
    return result;
}

int p4ni_ethtool_set(int fd, const char *name, uint32_t command, uint32_t value) {
    struct ethtool_value request = {.cmd = command, .data = value};
    return ethtool(fd, name, &request);
}

int p4ni_ethtool_driver(int fd, const char *name, char *driver, size_t size) {
    struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
    if (ethtool(fd, name, &info) < 0)
        return -1;
    info.driver[sizeof info.driver - 1] = 0;
    if (strlen(info.driver) >= size) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(driver, info.driver);
    return 0;
}

int p4ni_ethtool_receive_queues(int fd, const char *name, uint32_t *queues) {
    struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
    if (ethtool(fd, name, &channels) < 0)
        return -1;
    *queues = channels.rx_count + channels.combined_count;
    return 0;
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
