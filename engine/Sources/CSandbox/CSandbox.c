#define _GNU_SOURCE
#include "CSandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <seccomp.h>

__attribute__((format(printf, 3, 4))) static int refuse(char *message, size_t capacity, const char *format, ...) {
    if (capacity > 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(message, capacity, format, arguments);
        va_end(arguments);
    }
    return -1;
}

void lb_sandbox_prepare(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGXCPU, SIG_DFL);
    // A program started from a thread that holds signals back would hold it back for ever.
    sigset_t kills;
    sigemptyset(&kills);
    sigaddset(&kills, SIGXCPU);
    sigprocmask(SIG_UNBLOCK, &kills, NULL);
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score >= 0) {
        // Best effort: without it the kernel chooses by size alone.
        if (write(score, "500", 3) < 0) errno = 0;
        close(score);
    }
}

static int drop_descriptors(int last) {
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0) return -1;
    if (nothing > last) close(nothing);
    return syscall(SYS_close_range, (unsigned)last + 1, ~0U, 0);
}

static int limit(int what, rlim_t value) {
    struct rlimit both = {value, value};
    return setrlimit(what, &both);
}

// Landlock, written out since Debian 12's C library has no wrappers. A rule set without rules forbids all it handles.
// Source: landlock(7), linux/landlock.h.
enum { system_create_ruleset = 444, system_restrict_self = 446, version_flag = 1 };

int lb_landlock_version(void) {
    long version = syscall(system_create_ruleset, NULL, 0, version_flag);
    return version < 1 ? 0 : (int)version;
}

int lb_landlock_enter(void) {
    const int version = lb_landlock_version();
    if (version == 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 0;
    // Access rights by version of the interface: 13 in the first, then refer, truncate, (network), device control.
    const int rights = version == 1 ? 13 : version == 2 ? 14 : version <= 4 ? 15 : 16;
    const struct {
        uint64_t paths;
        uint64_t network;
        uint64_t scopes;
    } handled = {(UINT64_C(1) << rights) - 1, version >= 4 ? 3 : 0, version >= 6 ? 3 : 0};
    // An older kernel refuses a structure that says more than it knows.
    const size_t size = version >= 6 ? sizeof handled : version >= 4 ? 16 : 8;
    long rules = syscall(system_create_ruleset, &handled, size, 0);
    if (rules < 0) return 0;
    long status = syscall(system_restrict_self, (int)rules, 0);
    close((int)rules);
    return status == 0 ? version : 0;
}

static int allow_plainly(scmp_filter_ctx filter) {
    static const int calls[] = {
        // Open descriptors.
        SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close),
        SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(poll), SCMP_SYS(ppoll),
        // Memory.
        SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk),
        // Threads that are there already, and time.
        SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_setaffinity),
        SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday),
        SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(getrandom),
        SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(exit), SCMP_SYS(exit_group),
    };
    for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
        int status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[index], 0);
        if (status < 0) return status;
    }
    return 0;
}

static int allow_with_conditions(scmp_filter_ctx filter, int socket) {
    const struct {
        int call;
        struct scmp_arg_cmp condition;
    } rules[] = {
        {SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)},
        {SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)},
        {SCMP_SYS(sendmsg), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)socket)},
        {SCMP_SYS(recvmsg), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)socket)},
        {SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GET_SEALS)},
        // Only itself, which is how a program aborts.
        {SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())},
    };
    for (size_t index = 0; index < sizeof rules / sizeof *rules; index++) {
        int status = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rules[index].call, 1, &rules[index].condition);
        if (status < 0) return status;
    }
    return 0;
}

// The hard limit stays what it was: it could not be raised again.
static rlim_t cpu_ceiling = RLIM_INFINITY;

static int allow_cpu_limit(scmp_filter_ctx filter) {
    struct rlimit before;
    if (getrlimit(RLIMIT_CPU, &before) == 0) cpu_ceiling = before.rlim_max;
    // As setrlimit(2) asks: its own limit, of processor time, without reading the old one.
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 3, SCMP_A0(SCMP_CMP_EQ, 0),
                            SCMP_A1(SCMP_CMP_EQ, RLIMIT_CPU), SCMP_A3(SCMP_CMP_EQ, 0));
}

int lb_cpu_limit_begin(unsigned seconds) {
    struct timespec used;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return -1;
    rlim_t end = (rlim_t)used.tv_sec + (used.tv_nsec > 0) + seconds;
    if (end > cpu_ceiling) end = cpu_ceiling;
    struct rlimit both = {end, cpu_ceiling};
    return setrlimit(RLIMIT_CPU, &both);
}

int lb_sandbox_enter(int last_descriptor, uint64_t address_space, bool limits_cpu, LBSandboxLayers *layers,
                     char *message, size_t message_capacity) {
    if (drop_descriptors(last_descriptor) != 0) {
        return refuse(message, message_capacity, "Descriptors cannot be closed: %s.", strerror(errno));
    }
    // A filter for threads that are traced or may gain privileges would be none.
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return refuse(message, message_capacity, "Privileges cannot be given up: %s.", strerror(errno));
    }
    const int landlock = lb_landlock_enter();
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter) return refuse(message, message_capacity, "A system call filter cannot be made.");
    int status = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (status == 0) status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (status == 0) status = allow_plainly(filter);
    if (status == 0) status = allow_with_conditions(filter, last_descriptor);
    if (status == 0 && limits_cpu) status = allow_cpu_limit(filter);
    if (status == 0 &&
        ((address_space > 0 && limit(RLIMIT_AS, address_space) != 0) || limit(RLIMIT_CORE, 0) != 0 ||
         limit(RLIMIT_FSIZE, 0) != 0 || limit(RLIMIT_NPROC, 0) != 0 || limit(RLIMIT_NOFILE, 16) != 0)) {
        status = -errno;
    }
    if (status == 0) status = seccomp_load(filter);
    if (status != 0) {
        return refuse(message, message_capacity, "The sandbox cannot be entered: %s.", strerror(-status));
    }
    seccomp_release(filter);
    *layers = (LBSandboxLayers){.seccomp = true, .landlock = landlock, .limits = true, .cpu = limits_cpu};
    return 0;
}

void lb_return_free_memory(size_t left) {
    static size_t since = 0;
    since += left;
    if (since < LB_FREE_MEMORY) return;
    since = 0;
    // Giving back goes through the whole heap, and what was given back is faulted in again by the next picture.
    if (mallinfo2().fordblks > LB_FREE_MEMORY) malloc_trim(0);
}

int lb_thread_count(void) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return -1;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(tasks));) count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}
