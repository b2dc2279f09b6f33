#define _GNU_SOURCE
#include "CArchive.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct LBArchive {
    struct archive *reader;
};

// libarchive turns names into the character set of the locale. In UTF-8 there is nothing to turn, and no tables have to
// be opened for it.
static locale_t names_locale;

void lb_archive_prepare(void) {
    // Times in archives are local ones. Without this the C library looks for the file of the local zone each time.
    setenv("TZ", "UTC0", 1);
    tzset();
    if (!names_locale) names_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static locale_t enter_names(void) { return names_locale ? uselocale(names_locale) : (locale_t)0; }

static void leave_names(locale_t before) {
    if (before) uselocale(before);
}

size_t lb_archive_records(const void *bytes, size_t count, size_t limit) {
    const char *place = bytes;
    const char *end = place + count;
    size_t found = 0;
    while (found < limit && (place = memmem(place, (size_t)(end - place), "PK\1\2", 4))) {
        found++;
        place += 4;
    }
    return found;
}

LBArchive *lb_archive_open(const void *bytes, size_t count) {
    LBArchive *archive = calloc(1, sizeof *archive);
    if (!archive) return NULL;
    archive->reader = archive_read_new();
    // The reader that goes by the directory, as everyday programs do; no other format and no filter is known to it.
    if (!archive->reader || archive_read_support_format_zip_seekable(archive->reader) != ARCHIVE_OK ||
        archive_read_open_memory(archive->reader, bytes, count) != ARCHIVE_OK) {
        lb_archive_close(archive);
        return NULL;
    }
    return archive;
}

int lb_archive_next(LBArchive *archive, LBArchiveEntry *entry) {
    struct archive_entry *header = NULL;
    locale_t before = enter_names();
    int status = archive_read_next_header(archive->reader, &header);
    const char *name = header ? archive_entry_pathname(header) : NULL;
    leave_names(before);
    if (status == ARCHIVE_EOF) return 0;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return -1;
    // "ZIP 2.0 (deflation)": the name of the format is where libarchive tells the method.
    const char *method = archive_format_name(archive->reader);
    *entry = (LBArchiveEntry){
        .name = name ? name : "",
        .bytes = archive_entry_size_is_set(header) ? archive_entry_size(header) : -1,
        .isFile = archive_entry_filetype(header) == AE_IFREG && !archive_entry_hardlink(header),
        .isEncrypted = archive_entry_is_encrypted(header) != 0,
        .isOrdinary = method && (strstr(method, "(deflation)") || strstr(method, "(uncompressed)")),
    };
    return 1;
}

int64_t lb_archive_read(LBArchive *archive, void *out, size_t capacity) {
    la_ssize_t count = archive_read_data(archive->reader, out, capacity);
    return count < 0 ? -1 : (int64_t)count;
}

void lb_archive_close(LBArchive *archive) {
    if (!archive) return;
    if (archive->reader) archive_read_free(archive->reader);
    free(archive);
}
