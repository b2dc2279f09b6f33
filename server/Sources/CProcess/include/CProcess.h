#pragma once

#include <stdint.h>
#include <sys/types.h>

/// Starts a program with `socket` as its descriptor 3, `errors` as its standard error, nothing as its standard input and
/// output, no other descriptor, no blocked or ignored signal, and in a process group of its own. Both lists end with NULL.
/// Returns its process number, or -errno. The child's parent is the calling thread.
pid_t lb_process_start(
    const char *path, const char *const arguments[], const char *const environment[], int socket, int errors);

/// Waits until a child has ended, but leaves its number taken. Returns 0 or -errno.
int lb_process_await_end(pid_t child);

/// Takes the status of a child that has ended; its number is free afterwards. `signal` is 0 unless a signal ended it.
/// Returns 0 or -errno.
int lb_process_reap(pid_t child, int *status, int *signal);

/// The resident memory of a process in bytes, or -1.
int64_t lb_process_resident_bytes(pid_t process);

/// A bell that any thread can ring: each ring wakes one waiter. Close on exec. Returns a descriptor or -errno.
int lb_bell_make(void);
void lb_bell_ring(int bell, uint64_t times);
/// Takes one ring. Returns 1, or 0 when another thread was faster.
int lb_bell_take(int bell);

/// Waits until one of the descriptors can be read or is closed at the other end; negative ones are left out. Returns a
/// bit for each, 0 when the time is up (below 0: never), or -errno.
int lb_wait_any(const int descriptors[3], int milliseconds);

/// A pipe, close on exec: reading end, writing end. Returns 0 or -errno.
int lb_pipe(int ends[2]);

/// The name of a signal without "SIG", for example "KILL", or NULL.
const char *lb_signal_name(int number);

/// Gives what the allocator holds and nobody uses back to the system.
void lb_process_return_free_memory(void);
