/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Swift needs of the kernel beyond its Glibc module. Each include gives constants and plain structs; each
 * function says why Swift cannot do it alone. Functions return -1 and set errno like the calls they wrap.
 */
#pragma once

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/types.h>

#include <linux/filter.h>
#include <linux/genetlink.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <linux/virtio_net.h>

/* Function-like macros are not imported. */
static inline uint32_t p4ni_packet_aligned(uint32_t length) { return TPACKET_ALIGN(length); }

/* A ring's status word is shared with the kernel: Swift's plain loads and stores say nothing of order. */
static inline uint32_t p4ni_load_acquire(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline void p4ni_store_release(uint32_t *word, uint32_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* Reports a waiting loop to the processor: Swift has no such instruction. */
static inline void p4ni_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* "ENODEV" for 19; NULL for a number without a name. GNU extension, hidden without _GNU_SOURCE. */
const char *p4ni_errno_name(int number);

/* setns and unshare for CLONE_NEWNET: GNU extensions. */
int p4ni_enter_network_namespace(int fd);
int p4ni_unshare_network_namespace(void);
/* 1 if the path is a namespace's mount. */
int p4ni_is_namespace(const char *path);
/* setns for CLONE_NEWNS, of a thread that no longer shares its file system state: moves the calling thread, and it
 * alone, to the mounts of process 1, or of the furthest ancestor where those may not be seen. Returns 0 if it was
 * there already, 1 if it moved. */
int p4ni_enter_initial_mount_namespace(void);
/* The magic number of the file system that a path is on: struct statfs is in no header of the Glibc module. */
int64_t p4ni_file_system_kind(const char *path);

/* struct mmsghdr and sendmmsg are GNU extensions. Sends `count` frames (at most 64 at a call), frame i being
 * lengths[i] bytes at slots + i * slot_size; returns how many the kernel took. */
enum { P4NI_SEND_BATCH = 64 };
int p4ni_send_frames(int fd, const void *slots, uint32_t slot_size, const uint32_t *lengths, unsigned count);

/* The first address of a host's name, as text; getaddrinfo's error, 0 for none. */
int p4ni_resolve(const char *name, char *text, size_t size);

/* An IPv4 or IPv6 socket address: sockaddr_in and sockaddr_in6 in one fixed shape, since both would have to be passed
 * as rebound pointers otherwise. */
struct p4ni_endpoint {
    uint8_t address[16]; /* in network order; of IPv4 the first 4 */
    uint16_t port;       /* in host order */
    uint16_t family;     /* AF_INET or AF_INET6 */
};
int p4ni_bind(int fd, const struct p4ni_endpoint *endpoint);
int p4ni_connect(int fd, const struct p4ni_endpoint *endpoint);
int p4ni_local_endpoint(int fd, struct p4ni_endpoint *endpoint);
ssize_t p4ni_send_to(int fd, const void *bytes, size_t size, const struct p4ni_endpoint *endpoint);
/* accept4: a GNU extension. The connection does not block. */
int p4ni_accept(int fd, struct p4ni_endpoint *peer);

/* AF_UNIX sockets of messages (SOCK_SEQPACKET) by a path, whose type holds a C array. The file that listening makes is
 * its owner's alone. Listening and accepted sockets do not block. */
int p4ni_local_listen(const char *path);
int p4ni_local_connect(const char *path);
int p4ni_local_accept(int fd);

/* recvmsg with its control messages (the CMSG macros are not imported). Returns the length of the datagram, which
 * is larger than `size` if it was cut; *nanoseconds is SO_TIMESTAMPNS's realtime stamp or 0. */
ssize_t p4ni_receive_datagram(int fd, void *bytes, size_t size, int flags, struct p4ni_endpoint *sender,
                              uint64_t *nanoseconds);

/* ioctl is variadic, and linux/if.h collides with the Glibc module's net/if.h. */
int p4ni_interface_flags(int fd, const char *name, uint32_t *flags);
int p4ni_ethtool_get(int fd, const char *name, uint32_t command, uint32_t *value);
int p4ni_ethtool_set(int fd, const char *name, uint32_t command, uint32_t value);
int p4ni_ethtool_driver(int fd, const char *name, char *driver, size_t size);
/* ARPHRD_ number of an interface, 1 for Ethernet. */
int p4ni_interface_hardware(const char *name);
/* The first six bytes of its hardware address; -1 and errno if there is no such interface. */
int p4ni_interface_mac(const char *name, uint8_t *address);
/* Queues that an interface receives by. */
int p4ni_ethtool_receive_queues(int fd, const char *name, uint32_t *queues);

/* fork is unavailable in Swift, and only async-signal-safe calls may follow it in a threaded program. */
enum p4ni_spawn_step {
    P4NI_SPAWN_FORK,
    P4NI_SPAWN_NAMESPACE,
    P4NI_SPAWN_DIRECTORY,
    P4NI_SPAWN_STREAMS,
    P4NI_SPAWN_EXECUTE,
};
struct p4ni_spawn_request {
    char *const *arguments;    /* NULL-terminated; [0] is looked up in PATH */
    char *const *environment;  /* NULL-terminated */
    const char *directory;     /* NULL: the caller's */
    int streams[3];            /* descriptors that become 0, 1 and 2 */
    int namespace_fd;          /* -1: the caller's network namespace */
    int death_signal;          /* 0: none; else sent when the spawning *thread* ends */
    int own_session;           /* 1: setsid; 0: setpgid */
    int keep_group;            /* 1: stay in the caller's process group (a program at the terminal) */
};
int p4ni_spawn(const struct p4ni_spawn_request *request, pid_t *pid, enum p4ni_spawn_step *failed);

/* No glibc wrapper of these before 2.36. */
int p4ni_pidfd_open(pid_t pid);
int p4ni_pidfd_send_signal(int pidfd, int signal);

/* What the kernel knows of its clock, by adjtimex: sys/timex.h is not in the Glibc module. */
struct p4ni_clock_state {
    int64_t maximum_error; /* microseconds, as the kernel bounds it; grows while nothing disciplines the clock */
    int32_t tai_offset;    /* seconds TAI is ahead of UTC; 0: nobody has set it */
    int32_t synchronised;  /* 1: something disciplines the clock */
};
int p4ni_read_clock_state(struct p4ni_clock_state *state);

/* Of the calling thread: cpu_set_t and its macros are GNU extensions. */
int p4ni_restrict_thread(const int *processors, size_t count);
/* Whether the calling thread may run on a processor. */
int p4ni_may_run_on(int processor);
