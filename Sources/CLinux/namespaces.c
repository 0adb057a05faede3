/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

int64_t p4ni_file_system_kind(const char *path) {
    struct statfs file;
    return statfs(path, &file) == 0 ? (int64_t)file.f_type : -1;
}

int p4ni_enter_network_namespace(int fd) { return setns(fd, CLONE_NEWNET); }

int p4ni_unshare_network_namespace(void) { return unshare(CLONE_NEWNET); }

int p4ni_is_namespace(const char *path) {
    return p4ni_file_system_kind(path) == NSFS_MAGIC;
}

enum { ANCESTORS = 64 };

/* The parent of a process, 0 if it has no parent or /proc does not say. */
static pid_t parent_of(pid_t pid) {
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    /* The name, in parentheses, may contain anything: the rest starts after the last closing one. */
    const char *rest = strrchr(line, ')');
    int parent = 0;
    return rest && sscanf(rest, ") %*c %d", &parent) == 1 ? parent : 0;
}

static int open_mounts(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* Process 1's mounts, else those of the furthest ancestor that may be asked. */
static int open_initial_mounts(void) {
    pid_t line[ANCESTORS];
    int count = 0, fd = open_mounts(1);
    for (pid_t pid = parent_of(getpid()); pid > 1 && count < ANCESTORS; pid = parent_of(pid))
        line[count++] = pid;
    while (fd < 0 && count > 0)
        fd = open_mounts(line[--count]);
    return fd;
}

int p4ni_enter_initial_mount_namespace(void) {
    struct stat own, initial;
    int fd = open_initial_mounts();
    if (fd < 0)
        return -1;
    int known = stat("/proc/thread-self/ns/mnt", &own) == 0 && fstat(fd, &initial) == 0;
    if (known && own.st_ino == initial.st_ino && own.st_dev == initial.st_dev) {
        close(fd);
        return 0;
    }
    int moved = known && unshare(CLONE_FS) == 0 && setns(fd, CLONE_NEWNS) == 0;
    close(fd);
    return moved ? 1 : -1;
}
