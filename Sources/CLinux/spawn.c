/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a child that could not become the program reports to its parent. */
struct failure {
    int step;
    int error;
};

static void fail(int report, enum p4ni_spawn_step step) {
    struct failure failure = {.step = step, .error = errno};
    ssize_t written = write(report, &failure, sizeof failure);
    (void)written;
    _exit(127);
}

/* The parent blocks signals for its signalfd and may ignore some: both would be inherited through exec. */
static void restore_signals(void) {
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Moves the three sources above 2 first, so that no dup2 closes one that is still needed. */
static int place_streams(const int sources[3]) {
    int moved[3];
    for (int i = 0; i < 3; i++) {
        moved[i] = fcntl(sources[i], F_DUPFD_CLOEXEC, 3);
        if (moved[i] < 0)
            return -1;
    }
    for (int i = 0; i < 3; i++)
        if (dup2(moved[i], i) < 0)
            return -1;
    return 0;
}

static void become(const struct p4ni_spawn_request *request, int report, pid_t parent) {
    if (request->own_session)
        setsid();
    else if (!request->keep_group)
        setpgid(0, 0);
    restore_signals();
    if (request->death_signal != 0) {
        prctl(PR_SET_PDEATHSIG, request->death_signal);
        if (getppid() != parent)
            _exit(127); /* it ended before the request for the signal */
    }
    if (request->namespace_fd >= 0 && setns(request->namespace_fd, CLONE_NEWNET) < 0)
        fail(report, P4NI_SPAWN_NAMESPACE);
    if (request->directory != NULL && chdir(request->directory) < 0)
        fail(report, P4NI_SPAWN_DIRECTORY);
    if (place_streams(request->streams) < 0)
        fail(report, P4NI_SPAWN_STREAMS);
    /* Descriptors of libraries that forget O_CLOEXEC stay out of the program as well. */
    syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
    execvpe(request->arguments[0], request->arguments, request->environment);
    fail(report, P4NI_SPAWN_EXECUTE);
}

int p4ni_spawn(const struct p4ni_spawn_request *request, pid_t *pid, enum p4ni_spawn_step *failed) {
    int report[2];
    *failed = P4NI_SPAWN_FORK;
    if (pipe2(report, O_CLOEXEC) < 0)
        return -1;
    pid_t parent = getpid();
    /* No handler of the parent may run in the child before the defaults are back. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) {
        /* The report must not sit where the streams go. */
        int out = fcntl(report[1], F_DUPFD_CLOEXEC, 3);
        become(request, out < 0 ? report[1] : out, parent);
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    struct failure failure;
    ssize_t length = 0;
    if (child > 0)
        do
            length = read(report[0], &failure, sizeof failure);
        while (length < 0 && errno == EINTR);
    close(report[0]);
    if (child < 0) {
        errno = error;
        return -1;
    }
    if (length == sizeof failure) {
        waitpid(child, NULL, 0);
        *failed = (enum p4ni_spawn_step)failure.step;
        errno = failure.error;
        return -1;
    }
    *pid = child;
    return 0;
}
