#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A ZIP archive in memory that is gone through from its first entry to its last.
typedef struct LBArchive LBArchive;

typedef struct {
    /// As stored: UTF-8 where the archive says so, any bytes otherwise. Ends with 0; lives until the next call.
    const char *name;
    /// Bytes of its content as the directory declares them; -1 where it does not.
    int64_t bytes;
    /// A file with content of its own: no folder, no link, no device.
    bool isFile;
    bool isEncrypted;
    /// Stored or deflated (APPNOTE.TXT 4.4.5). Other compressions are not unpacked here.
    bool isOrdinary;
} LBArchiveEntry;

/// Loads what libarchive would load on first use; reads files. Sets the time zone of the process to UTC. To be called
/// before a sandbox is entered.
void lb_archive_prepare(void);

/// How many records of a ZIP's directory the bytes may hold, at most `limit`; known without reading them.
size_t lb_archive_records(const void *bytes, size_t count, size_t limit);

/// Opens an archive; `bytes` must outlive it. NULL where memory is short or it has no directory.
LBArchive *lb_archive_open(const void *bytes, size_t count);

/// Goes to the next entry. Returns 1, 0 behind the last one, or -1 where the archive is damaged.
int lb_archive_next(LBArchive *archive, LBArchiveEntry *entry);

/// Reads on in the content of the entry. Returns how many bytes were read, 0 at the end, or -1 where it is damaged: also
/// where its length or its checksum is not the declared one.
int64_t lb_archive_read(LBArchive *archive, void *out, size_t capacity);

void lb_archive_close(LBArchive *archive);
