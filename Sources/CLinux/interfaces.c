/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

/* The interface's address, whose family is the kind of hardware; -1 if there is no such interface. */
static int interface_address(const char *name, struct sockaddr *address) {
    struct ifreq request;
    if (named_request(&request, name) < 0)
        return -1;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int result = ioctl(fd, SIOCGIFHWADDR, &request);
    close(fd);
    *address = request.ifr_hwaddr;
    return result;
}

int p4ni_interface_hardware(const char *name) {
    struct sockaddr hardware;
    return interface_address(name, &hardware) < 0 ? -1 : hardware.sa_family;
}

int p4ni_interface_mac(const char *name, uint8_t *address) {
    struct sockaddr hardware;
    if (interface_address(name, &hardware) < 0)
        return -1;
    memcpy(address, hardware.sa_data, 6);
    return 0;
}
