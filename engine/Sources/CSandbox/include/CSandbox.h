#pragma once

#include <stddef.h>
#include <stdint.h>

/// Asks the kernel to kill this process when the thread that started it ends, and to choose it first when memory runs
/// out. Ignores SIGPIPE and SIGXFSZ, so that a write that fails gives an error. To be called first.
void lb_sandbox_prepare(void);

/// Takes from all threads of this process, for ever, what decoding and inference do not need.
///
/// - Every descriptor above `last_descriptor` is closed; 0 and 1 read and write nothing.
/// - Limits: `address_space` bytes (0: no limit), no core file, no file growth, no new process, few descriptors.
/// - No new privileges, not traceable.
/// - Where the kernel has Landlock: no path can be opened by the calling thread.
/// - A seccomp allow-list for all threads: anything that is not on it kills the process with SIGSYS. On it is what
///   computes, allocates, waits, reads and writes open descriptors. No opening, no socket, no new thread or process, no
///   memory that can be executed.
///
/// Sources: seccomp(2), landlock(7), prctl(2), setrlimit(2). Returns 0, or -1 with a sentence in `message`.
int lb_sandbox_enter(int last_descriptor, uint64_t address_space, char *message, size_t message_capacity);

/// Gives memory that is free back to the system.
void lb_return_free_memory(void);

/// The number of threads of this process, or -1. Works before the sandbox only.
int lb_thread_count(void);
