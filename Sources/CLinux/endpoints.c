/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinux.h"

#include <netdb.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t encode(const struct p4ni_endpoint *endpoint, union address *address) {
    memset(address, 0, sizeof *address);
    if (endpoint->family == AF_INET6) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons(endpoint->port);
        memcpy(&address->v6.sin6_addr, endpoint->address, 16);
        return sizeof address->v6;
    }
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons(endpoint->port);
    memcpy(&address->v4.sin_addr, endpoint->address, 4);
    return sizeof address->v4;
}

static void decode(const union address *address, struct p4ni_endpoint *endpoint) {
    memset(endpoint, 0, sizeof *endpoint);
    endpoint->family = address->any.sa_family;
    if (address->any.sa_family == AF_INET6) {
        endpoint->port = ntohs(address->v6.sin6_port);
        memcpy(endpoint->address, &address->v6.sin6_addr, 16);
        return;
    }
    endpoint->port = ntohs(address->v4.sin_port);
    memcpy(endpoint->address, &address->v4.sin_addr, 4);
}

int p4ni_bind(int fd, const struct p4ni_endpoint *endpoint) {
    union address address;
    socklen_t size = encode(endpoint, &address);
    return bind(fd, &address.any, size);
}

int p4ni_connect(int fd, const struct p4ni_endpoint *endpoint) {
    union address address;
    socklen_t size = encode(endpoint, &address);
    return connect(fd, &address.any, size);
}

int p4ni_local_endpoint(int fd, struct p4ni_endpoint *endpoint) {
    union address address = {0};
    socklen_t size = sizeof address;
    if (getsockname(fd, &address.any, &size) < 0)
        return -1;
    decode(&address, endpoint);
    return 0;
}

ssize_t p4ni_send_to(int fd, const void *bytes, size_t size, const struct p4ni_endpoint *endpoint) {
    union address address;
    socklen_t length = encode(endpoint, &address);
    return sendto(fd, bytes, size, 0, &address.any, length);
}

int p4ni_accept(int fd, struct p4ni_endpoint *peer) {
    union address address = {0};
    socklen_t size = sizeof address;
    int connection = accept4(fd, &address.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection >= 0)
        decode(&address, peer);
    return connection;
}

ssize_t p4ni_receive_datagram(int fd, void *bytes, size_t size, int flags, struct p4ni_endpoint *sender,
                              uint64_t *nanoseconds) {
    union address from = {0};
    struct iovec vector = {.iov_base = bytes, .iov_len = size};
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof from,
                             .msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t length = recvmsg(fd, &message, flags | MSG_TRUNC);
    if (length < 0)
        return length;
    decode(&from, sender);
    *nanoseconds = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            *nanoseconds = (uint64_t)stamp.tv_sec * 1000000000u + (uint64_t)stamp.tv_nsec;
        }
    }
    return length;
}

int p4ni_resolve(const char *name, char *text, size_t size) {
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_ADDRCONFIG}, *found;
    int problem = getaddrinfo(name, NULL, &hints, &found);
    if (problem)
        return problem;
    problem = getnameinfo(found->ai_addr, found->ai_addrlen, text, size, NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(found);
    return problem;
}
