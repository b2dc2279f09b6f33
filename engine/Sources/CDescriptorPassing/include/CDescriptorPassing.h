#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Sends bytes and, where `descriptor` is not negative, that descriptor with the first of them (SCM_RIGHTS). Does not
/// block and raises no signal. Returns the number of bytes sent or -errno.
ssize_t lb_socket_send(int socket, const void *bytes, size_t count, int descriptor);

/// Receives bytes. `descriptor` may be NULL: then none is accepted. Otherwise it is set to the descriptor that came along
/// (close on exec) or to -1. Does not block. Returns the number of bytes, 0 at the end of the stream, or -errno;
/// -EPROTO when more descriptors came than are accepted: all of them are closed.
ssize_t lb_socket_receive(int socket, void *bytes, size_t count, int *descriptor);

/// Waits until the socket can be read (or, with `writing`, written). `milliseconds` below 0 means for ever.
/// Returns 1 when ready, 0 when the time is up, or -errno. Interruptions by signals count as ready.
int lb_socket_wait(int socket, int writing, int milliseconds);

/// A connected pair of stream sockets, close on exec. Returns 0 or -errno.
int lb_socket_pair(int sockets[2]);

/// Whether the descriptor is a socket.
int lb_is_socket(int descriptor);

/// The size of a regular file or memory file, or -errno; -EINVAL for anything else.
int64_t lb_file_size(int descriptor);

/// Whether a memory file is sealed against writing and shrinking, so that a mapping of it can never fault or change.
int lb_is_sealed(int descriptor);

/// A sealed memory file with these bytes, close on exec; or -errno.
int lb_sealed_file(const void *bytes, size_t count);

/// From now on a file that ``lb_map_guarded`` has mapped reads as zeros where it is cut short meanwhile, instead of ending
/// the process with SIGBUS. To be called before the process enters its sandbox. Returns 0 or -errno.
int lb_guard_mappings(void);

/// Maps a file to be read; NULL where that cannot be done, or where mappings are not guarded. To be released with
/// ``lb_unmap_guarded``.
const void *lb_map_guarded(int descriptor, size_t count);

void lb_unmap_guarded(const void *start, size_t count);
