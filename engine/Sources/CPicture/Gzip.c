#include "CPicture.h"

#include <limits.h>
#include <stdlib.h>

#include <zlib.h>

struct LBGzip {
    z_stream stream;
};

LBGzip *lb_gzip_open(int32_t level) {
    LBGzip *gzip = calloc(1, sizeof *gzip);
    // 15 bits of window; 16 more ask for the header and trailer of RFC 1952.
    if (gzip && deflateInit2(&gzip->stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(gzip);
        return NULL;
    }
    return gzip;
}

bool lb_gzip_feed(
    LBGzip *gzip, const void **bytes, size_t *count, bool isLast, uint8_t *out, size_t room, size_t *written) {
    if (*count > UINT_MAX || room > UINT_MAX) return false;
    z_stream *stream = &gzip->stream;
    stream->next_in = (Bytef *)*bytes;
    stream->avail_in = (uInt)*count;
    stream->next_out = out;
    stream->avail_out = (uInt)room;
    const int status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH);
    *bytes = stream->next_in;
    *count = stream->avail_in;
    *written = room - stream->avail_out;
    return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
}

void lb_gzip_close(LBGzip *gzip) {
    if (!gzip) return;
    deflateEnd(&gzip->stream);
    free(gzip);
}
