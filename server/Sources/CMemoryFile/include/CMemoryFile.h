#pragma once

#include <stddef.h>

/// An empty file in memory, close on exec, that can be sealed; or -errno.
int lb_memory_file_make(void);

/// Forbids every change of it from now on. Returns 0 or -errno.
int lb_memory_file_seal(int descriptor);

/// Writes everything that the file system holds back, of the file system that the descriptor is on: one call makes any
/// number of files durable. Returns 0 or -errno.
int lb_sync_file_system(int descriptor);
