// Stands between a program and the C library (LD_PRELOAD) and makes chosen calls on chosen files fail, wait, or be the
// last thing that the process does. What to do is read from a file that both sides map: see interpose.py, which
// writes the same structures.
//
// The program is the one that people get: it has no hooks. A process that is killed here is killed by the kernel (SIGKILL),
// before the call; a call that fails here never reaches the kernel, and returns what the kernel would.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum call { CREATE = 1, WRITE = 2, TRUNCATE = 4, SYNC = 8, RENAME = 16, REMOVE = 32, FOLDER = 64, SEND = 128, READ = 256 };
enum action { KILL = 1, FAIL = 2, DELAY = 3 };

#define RULES 8
#define ENTRIES 16384
#define PATH_BYTES 200

struct rule {
    int32_t calls;          // 0: no rule
    int32_t action;
    int32_t number;         // FAIL: errno; DELAY: milliseconds
    int32_t reserved;
    int64_t first;          // the first matching call that it strikes, from 1
    int64_t count;          // how many it strikes; -1: all from there on
    _Atomic int64_t seen;   // matching calls so far
    _Atomic int64_t struck;
    char part[PATH_BYTES];  // of the path; "" matches each
};

struct entry {
    int32_t call;
    int32_t failed;         // errno of it, 0
    int64_t began;          // numbers of one clock that counts beginnings and ends
    _Atomic int64_t ended;  // 0: not yet
    char path[PATH_BYTES];
};

struct control {
    _Atomic int32_t armed;
    _Atomic int32_t recording;
    char root[PATH_BYTES];  // only paths that begin so are recorded, and what is sent by TCP
    _Atomic int64_t clock;
    _Atomic int64_t entries;
    _Atomic int64_t ahead;  // seconds that the clock on the wall is put forward, or back
    struct rule rules[RULES];
    struct entry log[ENTRIES];
};

static struct control *control;

#define REAL(result, name, ...)                                              \
    static result (*real_##name)(__VA_ARGS__);                               \
    if (!real_##name) real_##name = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("LIGHTBOX_FAULTS");
    if (!path) return;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED) control = mapped;
}

static int is_active(void) {
    return control && (atomic_load(&control->armed) || atomic_load(&control->recording));
}

// The path of a descriptor; of a socket "tcp:PORT" with this side's port, or "socket".
static void name_descriptor(int descriptor, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_BYTES - 1);
    path[length < 0 ? 0 : length] = 0;
    if (strncmp(path, "socket:", 7) != 0) return;
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &size) == 0 && address.ss_family == AF_INET)
        snprintf(path, PATH_BYTES, "tcp:%d", ntohs(((struct sockaddr_in *)&address)->sin_port));
    else
        strcpy(path, "socket");
}

// Does what the rules say of a call. Returns the errno that it fails with, or 0; `entry` is its place in the log, if any.
static int meet(int call, const char *path, struct entry **entry) {
    *entry = NULL;
    int failed = 0;
    if (atomic_load(&control->recording)
        && (call == SEND ? strncmp(path, "tcp:", 4) == 0 : strncmp(path, control->root, strlen(control->root)) == 0)) {
        int64_t place = atomic_fetch_add(&control->entries, 1);
        if (place < ENTRIES) {
            *entry = &control->log[place];
            (*entry)->call = call;
            strncpy((*entry)->path, path, PATH_BYTES - 1);
            (*entry)->began = atomic_fetch_add(&control->clock, 1) + 1;
        }
    }
    if (!atomic_load(&control->armed)) return 0;
    for (int index = 0; index < RULES; index++) {
        struct rule *rule = &control->rules[index];
        if (!(rule->calls & call) || !strstr(path, rule->part)) continue;
        int64_t number = atomic_fetch_add(&rule->seen, 1) + 1;
        if (number < rule->first || (rule->count >= 0 && number >= rule->first + rule->count)) continue;
        atomic_fetch_add(&rule->struck, 1);
        if (rule->action == KILL) {
            kill(getpid(), SIGKILL);
            for (;;) pause();
        }
        if (rule->action == DELAY) {
            struct timespec rest = {rule->number / 1000, rule->number % 1000 * 1000000L};
            while (nanosleep(&rest, &rest) != 0) {}
        }
        if (rule->action == FAIL) failed = rule->number;
    }
    if (*entry) (*entry)->failed = failed;
    return failed;
}

static void leave(struct entry *entry) {
    if (entry) atomic_store(&entry->ended, atomic_fetch_add(&control->clock, 1) + 1);
}

// The body of a stand-in: meets the rules, and calls the real one unless it is to fail.
#define STAND_IN(type, call, name_path, real)                                \
    if (!is_active()) return real;                                           \
    char path[PATH_BYTES];                                                   \
    path[0] = 0;                                                             \
    int saved = errno;                                                       \
    name_path;                                                               \
    struct entry *entry;                                                     \
    int failed = meet(call, path, &entry);                                   \
    errno = saved;                                                           \
    type result = failed ? -1 : real;                                        \
    saved = failed ? failed : errno;                                         \
    leave(entry);                                                            \
    errno = saved;                                                           \
    return result

#define OF_DESCRIPTOR name_descriptor(descriptor, path)
#define OF_NAME strncpy(path, name, PATH_BYTES - 1); path[PATH_BYTES - 1] = 0
#define SENDS (strncmp(path, "tcp:", 4) == 0 ? SEND : WRITE)

ssize_t write(int descriptor, const void *bytes, size_t count) {
    REAL(ssize_t, write, int, const void *, size_t);
    STAND_IN(ssize_t, SENDS, OF_DESCRIPTOR, real_write(descriptor, bytes, count));
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    STAND_IN(ssize_t, SENDS, OF_DESCRIPTOR, real_writev(descriptor, parts, count));
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    REAL(ssize_t, send, int, const void *, size_t, int);
    STAND_IN(ssize_t, SENDS, OF_DESCRIPTOR, real_send(descriptor, bytes, count, flags));
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t place) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    STAND_IN(ssize_t, WRITE, OF_DESCRIPTOR, real_pwrite64(descriptor, bytes, count, place));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t place) {
    return pwrite64(descriptor, bytes, count, place);
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t place) {
    REAL(ssize_t, pread64, int, void *, size_t, off64_t);
    STAND_IN(ssize_t, READ, OF_DESCRIPTOR, real_pread64(descriptor, bytes, count, place));
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t place) {
    return pread64(descriptor, bytes, count, place);
}

int ftruncate64(int descriptor, off64_t length) {
    REAL(int, ftruncate64, int, off64_t);
    STAND_IN(int, TRUNCATE, OF_DESCRIPTOR, real_ftruncate64(descriptor, length));
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int fsync(int descriptor) {
    REAL(int, fsync, int);
    STAND_IN(int, SYNC, OF_DESCRIPTOR, real_fsync(descriptor));
}

int fdatasync(int descriptor) {
    REAL(int, fdatasync, int);
    STAND_IN(int, SYNC, OF_DESCRIPTOR, real_fdatasync(descriptor));
}

int syncfs(int descriptor) {
    REAL(int, syncfs, int);
    STAND_IN(int, SYNC, OF_DESCRIPTOR, real_syncfs(descriptor));
}

int rename(const char *name, const char *other) {
    REAL(int, rename, const char *, const char *);
    // By its new name, which says what it is.
    STAND_IN(int, RENAME, (strncpy(path, other, PATH_BYTES - 1), path[PATH_BYTES - 1] = 0), real_rename(name, other));
}

int link(const char *name, const char *other) {
    REAL(int, link, const char *, const char *);
    STAND_IN(int, RENAME, (strncpy(path, other, PATH_BYTES - 1), path[PATH_BYTES - 1] = 0), real_link(name, other));
}

int unlink(const char *name) {
    REAL(int, unlink, const char *);
    STAND_IN(int, REMOVE, OF_NAME, real_unlink(name));
}

int rmdir(const char *name) {
    REAL(int, rmdir, const char *);
    STAND_IN(int, REMOVE, OF_NAME, real_rmdir(name));
}

int mkdir(const char *name, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    STAND_IN(int, FOLDER, OF_NAME, real_mkdir(name, mode));
}

// The rights of a file that is made: the argument that `open` has only then.
#define MODE_OF_NEW(mode, flags)          \
    mode_t mode = 0;                      \
    if (flags & O_CREAT) {                \
        va_list rest;                     \
        va_start(rest, flags);            \
        mode = va_arg(rest, mode_t);      \
        va_end(rest);                     \
    }

int open64(const char *name, int flags, ...) {
    REAL(int, open64, const char *, int, ...);
    MODE_OF_NEW(mode, flags);
    if (!(flags & O_CREAT)) return real_open64(name, flags, mode);
    STAND_IN(int, CREATE, OF_NAME, real_open64(name, flags, mode));
}

int open(const char *name, int flags, ...) {
    MODE_OF_NEW(mode, flags);
    return open64(name, flags, mode);
}

// The clock on the wall. libfaketime does the same and more, but it moves the environment, and by that Swift's runtime looks
// for a program's arguments. The monotonic clocks, and what the kernel waits for by them, go on as they do.

static int64_t ahead(void) { return control ? atomic_load(&control->ahead) : 0; }

int clock_gettime(clockid_t clock, struct timespec *time) {
    REAL(int, clock_gettime, clockid_t, struct timespec *);
    int result = real_clock_gettime(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += ahead();
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    REAL(int, gettimeofday, struct timeval *, void *);
    int result = real_gettimeofday(time, zone);
    if (result == 0) time->tv_sec += ahead();
    return result;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}
