/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

int p4ni_enter_initial_mount_namespace(void) {
    struct stat own, initial;
    int fd = open("/proc/1/ns/mnt", O_RDONLY | O_CLOEXEC);
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

int64_t p4ni_file_system_kind(const char *path) {
    struct statfs file;
    return statfs(path, &file) == 0 ? (int64_t)file.f_type : -1;
}

int p4ni_interface_hardware(const char *name) {
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    int result = ioctl(fd, SIOCGIFHWADDR, &request);
    close(fd);
    return result < 0 ? -1 : request.ifr_hwaddr.sa_family;
}
