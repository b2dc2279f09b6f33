#define _GNU_SOURCE
#include "CDescriptorPassing.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

// What the handler looks at: written before the mapping is used, and cleared after it is gone.
enum { most_mappings = 8 };
static struct {
    _Atomic(uintptr_t) start;
    _Atomic(size_t) count;
} mappings[most_mappings];

static atomic_int is_guarding;

/// Puts a page of zeros where the file has become shorter. Only what a signal handler may call is called.
static void put_zeros(int signal_number, siginfo_t *info, void *context) {
    (void)context;
    const uintptr_t place = (uintptr_t)info->si_addr;
    for (int index = 0; index < most_mappings; index++) {
        const uintptr_t start = atomic_load(&mappings[index].start);
        if (start == 0 || place < start || place - start >= atomic_load(&mappings[index].count)) continue;
        const uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
        const int saved = errno;
        void *page = mmap(
            (void *)(place & ~(size - 1)), size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        errno = saved;
        if (page != MAP_FAILED) return;
    }
    // Not ours: what would have happened without this handler happens when the access is tried again.
    signal(signal_number, SIG_DFL);
}

int lb_guard_mappings(void) {
    struct sigaction action = {.sa_sigaction = put_zeros, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGBUS, &action, NULL) != 0) return -errno;
    atomic_store(&is_guarding, 1);
    return 0;
}

const void *lb_map_guarded(int descriptor, size_t count) {
    if (!atomic_load(&is_guarding)) return NULL;
    void *start = mmap(NULL, count, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED) return NULL;
    for (int index = 0; index < most_mappings; index++) {
        uintptr_t nobody = 0;
        if (!atomic_compare_exchange_strong(&mappings[index].start, &nobody, (uintptr_t)start)) continue;
        atomic_store(&mappings[index].count, count);
        return start;
    }
    munmap(start, count);
    return NULL;
}

void lb_unmap_guarded(const void *start, size_t count) {
    for (int index = 0; index < most_mappings; index++) {
        if (atomic_load(&mappings[index].start) != (uintptr_t)start) continue;
        atomic_store(&mappings[index].count, 0);
        atomic_store(&mappings[index].start, 0);
        break;
    }
    munmap((void *)start, count);
}
