#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Asks the kernel to kill this process when the thread that started it ends, and to choose it first when memory runs
/// out. Ignores SIGPIPE and SIGXFSZ, so that a write that fails gives an error; SIGXCPU kills. To be called first.
void lb_sandbox_prepare(void);

/// What holds a process after `lb_sandbox_enter`.
typedef struct {
    bool seccomp;
    /// The version of the kernel's interface; 0 where it has no Landlock.
    int landlock;
    /// Address space (where it was asked for), core file, file size, processes, descriptors.
    bool limits;
    /// Processor time: `lb_cpu_limit_begin` may be called.
    bool cpu;
} LBSandboxLayers;

/// Takes from all threads of this process, for ever, what decoding and inference do not need.
///
/// - Every descriptor above `last_descriptor` is closed; 0 and 1 read and write nothing.
/// - Limits: `address_space` bytes (0: no limit), no core file, no file growth, no new process, few descriptors. The
///   address space is the whole process's. It holds for each job since jobs come one at a time and give their memory
///   back: a job has what the limit leaves above what the process had when it was ready.
/// - No new privileges, not traceable.
/// - Where the kernel has Landlock: as `lb_landlock_enter`.
/// - A seccomp allow-list for all threads: anything that is not on it kills the process with SIGSYS. On it is what
///   computes, allocates, waits, reads and writes open descriptors. No opening, no socket, no new thread or process, no
///   memory that can be executed. With `limits_cpu` also `lb_cpu_limit_begin`, and no other limit.
///
/// Sources: seccomp(2), landlock(7), prctl(2), setrlimit(2). Returns 0 and what is in force in `layers`, or -1 with a
/// sentence in `message`.
int lb_sandbox_enter(int last_descriptor, uint64_t address_space, bool limits_cpu, LBSandboxLayers *layers,
                     char *message, size_t message_capacity);

/// From now on this process has `seconds` of processor time, of all its threads together, rounded up to a whole second;
/// then the kernel kills it with SIGXCPU. Called before each job. It holds a job that runs away, not one that has taken
/// the process over, which could call it again: the server's deadline ends that one. Returns 0 or -1.
int lb_cpu_limit_begin(unsigned seconds);

/// The version of Landlock's interface that the kernel has, or 0.
int lb_landlock_version(void);

/// Landlock alone: the calling thread, and what it starts, can open, list, make or change no path any more; from version 4
/// of the interface it can bind and connect no TCP socket, from version 6 neither signal other processes nor reach their
/// abstract sockets. Gives up new privileges. Returns the version in force, or 0 where nothing is.
int lb_landlock_enter(void);

/// So many bytes may stay free in the heap.
#define LB_FREE_MEMORY ((size_t)16 << 20)

/// Gives memory that is free back to the system, where it is worth it: more than ``LB_FREE_MEMORY``. `left` is how many bytes
/// may have been left since the last call, about; the heap is only looked through when these come to as many. From one thread.
void lb_return_free_memory(size_t left);

/// The number of threads of this process, or -1. Works before the sandbox only.
int lb_thread_count(void);
