#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Formats that are opened here: JPEG by libjpeg, WebP by libwebp, PNG and TIFF by libvips, whose other loaders are
/// blocked.
typedef enum {
    LBRasterFormatPNG,
    LBRasterFormatJPEG,
    LBRasterFormatWebP,
    LBRasterFormatTIFF,
} LBRasterFormat;

typedef enum {
    LBRasterColourGrey,
    LBRasterColourRGB,
    /// Four inks, 0 = no ink.
    LBRasterColourCMYK,
    /// Grey, and how far blue and red are from it; 128 = not at all (ITU-R BT.601, JFIF).
    LBRasterColourYCbCr,
} LBRasterColour;

/// An opened picture whose rows are decoded as they are asked for, from top to bottom.
typedef struct LBRaster LBRaster;

typedef struct {
    int32_t width;
    int32_t height;
    /// Samples of one pixel in a row, alpha included: 1...5.
    int32_t samples;
    /// 1 or 2: samples are uint8_t or uint16_t in the byte order of this machine.
    int32_t bytesPerSample;
    LBRasterColour colour;
    bool hasAlpha;
} LBRasterInfo;

/// Starts libvips with one thread, no operation cache and no loadable modules, and blocks all loaders but two.
/// Returns false where libvips cannot start. To be called once, before anything else here.
bool lb_picture_prepare(void);

/// Opens a picture; `bytes` must outlive the raster. A JPEG is shrunk by `shrink` (1, 2, 4 or 8) while it is decoded, its
/// size rounded up; for other formats that is 1. Where `wantsColour` is false the rows may be grey. Returns NULL where the picture cannot be read, or where its samples are
/// not 8 or 16 bits (then `*unsupported` is true).
LBRaster *lb_raster_open(
    LBRasterFormat format, const void *bytes, size_t count, int32_t page, int32_t shrink, bool wantsColour,
    LBRasterInfo *info, bool *unsupported);

/// Lends rows `top ..< top + count`, which lie `*stride` bytes apart; until the next call for this raster. Rows must be
/// asked for in order. Returns NULL where the picture is damaged.
const void *lb_raster_rows(LBRaster *raster, int32_t top, int32_t count, size_t *stride);

void lb_raster_close(LBRaster *raster);

/// Encodes 8-bit grey pixels without gaps as a baseline JPEG. The result is released with `lb_picture_free`; NULL where
/// memory is short.
uint8_t *lb_jpeg_encode_grey(const uint8_t *pixels, int32_t width, int32_t height, int32_t quality, size_t *count);

/// Encodes pixels without gaps, each an index into 256 RGBA colours (not premultiplied), as a PNG; as
/// `lb_jpeg_encode_grey`.
uint8_t *lb_png_encode_indexed(
    const uint8_t *indices, int32_t width, int32_t height, const uint8_t *palette, size_t *count);

void lb_picture_free(uint8_t *bytes);

/// What was counted of the greys of a picture, from 0 (black) to 255 (white); zero at the beginning.
typedef struct {
    double sum;
    /// Those at or below 0, and at or above 255.
    size_t low;
    size_t high;
} LBGreys;

/// Counts some more, fewer than 2^32 of them in all, also into `steps` even steps of the range up to 256, at least one: how
/// many lie in each is the sum of `bins[step]` and `bins[steps + step]`, which are zero at the beginning. What lies outside is
/// counted at the end that it is beyond; what is no number, at the lower one. In C, which takes half as long as Swift for it: a
/// picture has millions.
void lb_greys_count(const float *greys, size_t count, uint32_t *bins, size_t steps, LBGreys *counted);

/// A stream of gzip (RFC 1952).
typedef struct LBGzip LBGzip;

/// `level` is 1 (fast) ... 9 (small). NULL where memory is short.
LBGzip *lb_gzip_open(int32_t level);

/// Takes bytes, moving `*bytes` and `*count` on, and writes at most `room` bytes to `out`. It has more to write as long
/// as `*written` is `room`. Returns false where the stream is broken.
bool lb_gzip_feed(
    LBGzip *gzip, const void **bytes, size_t *count, bool isLast, uint8_t *out, size_t room, size_t *written);

void lb_gzip_close(LBGzip *gzip);

#ifdef __cplusplus
}
#endif
