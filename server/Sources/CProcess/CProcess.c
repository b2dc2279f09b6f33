#define _GNU_SOURCE
#include "CProcess.h"

#include <malloc.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int describe(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int socket, int errors) {
    int status = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (!status) status = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
    if (!status) status = posix_spawn_file_actions_adddup2(actions, errors, 2);
    if (!status) status = posix_spawn_file_actions_adddup2(actions, socket, 3);
    if (!status) status = posix_spawn_file_actions_addclosefrom_np(actions, 4);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if (!status) status = posix_spawnattr_setsigmask(attributes, &none);
    if (!status) status = posix_spawnattr_setsigdefault(attributes, &all);
    if (!status) status = posix_spawnattr_setpgroup(attributes, 0);
    if (!status) {
        status = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    return status;
}

pid_t lb_process_start(
    const char *path, const char *const arguments[], const char *const environment[], int socket, int errors) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int status = posix_spawn_file_actions_init(&actions);
    if (status) return -status;
    status = posix_spawnattr_init(&attributes);
    if (status) {
        posix_spawn_file_actions_destroy(&actions);
        return -status;
    }
    pid_t child = -1;
    status = describe(&actions, &attributes, socket, errors);
    if (!status) {
        status = posix_spawn(
            &child, path, &actions, &attributes, (char *const *)arguments, (char *const *)environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return status ? -status : child;
}

int lb_process_await_end(pid_t child) {
    siginfo_t ended;
    while (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT) != 0) {
        if (errno != EINTR) return -errno;
    }
    return 0;
}

int lb_process_reap(pid_t child, int *status, int *signal) {
    int word = 0;
    while (waitpid(child, &word, 0) < 0) {
        if (errno != EINTR) return -errno;
    }
    *status = WIFEXITED(word) ? WEXITSTATUS(word) : 0;
    *signal = WIFSIGNALED(word) ? WTERMSIG(word) : 0;
    return 0;
}

int64_t lb_process_resident_bytes(pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/statm", process);
    FILE *file = fopen(path, "re");
    if (!file) return -1;
    long long pages = -1;
    if (fscanf(file, "%*s %lld", &pages) != 1) pages = -1;
    fclose(file);
    return pages < 0 ? -1 : (int64_t)pages * sysconf(_SC_PAGESIZE);
}

int lb_bell_make(void) {
    int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    return bell < 0 ? -errno : bell;
}

void lb_bell_ring(int bell, uint64_t times) {
    while (eventfd_write(bell, times) != 0 && errno == EINTR) {}
}

int lb_bell_take(int bell) {
    eventfd_t one;
    return eventfd_read(bell, &one) == 0;
}

int lb_wait_any(const int descriptors[3], int milliseconds) {
    struct pollfd each[3];
    for (int index = 0; index < 3; index++) each[index] = (struct pollfd){descriptors[index], POLLIN, 0};
    while (poll(each, 3, milliseconds) < 0) {
        if (errno != EINTR) return -errno;
    }
    int ready = 0;
    for (int index = 0; index < 3; index++) ready |= each[index].revents ? 1 << index : 0;
    return ready;
}

int lb_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno; }

const char *lb_signal_name(int number) { return sigabbrev_np(number); }

void lb_process_return_free_memory(void) { malloc_trim(0); }
