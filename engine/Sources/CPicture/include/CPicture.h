#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Formats that are opened here, WebP by libwebp and the others by libvips, whose other loaders are blocked.
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

/// Starts libvips with one thread, no operation cache and no loadable modules, and blocks all loaders but three.
/// Returns false where libvips cannot start. To be called once, before anything else here.
bool lb_picture_prepare(void);

/// Opens a picture; `bytes` must outlive the raster. Returns NULL where it cannot be read, or where its samples are not
/// 8 or 16 bits (then `*unsupported` is true).
LBRaster *lb_raster_open(
    LBRasterFormat format, const void *bytes, size_t count, int32_t page, LBRasterInfo *info, bool *unsupported);

/// Copies rows `top ..< top + count` to `out`, without gaps. Rows must be asked for in order. Returns false where the
/// picture is damaged.
bool lb_raster_read(LBRaster *raster, int32_t top, int32_t count, void *out);

void lb_raster_close(LBRaster *raster);

/// Encodes 8-bit grey pixels without gaps as a baseline JPEG. The result is released with `lb_picture_free`; NULL where
/// memory is short.
uint8_t *lb_jpeg_encode_grey(const uint8_t *pixels, int32_t width, int32_t height, int32_t quality, size_t *count);

/// Encodes 8-bit RGBA pixels (not premultiplied) without gaps as a PNG; as `lb_jpeg_encode_grey`.
uint8_t *lb_png_encode_rgba(const uint8_t *pixels, int32_t width, int32_t height, size_t *count);

void lb_picture_free(uint8_t *bytes);

#ifdef __cplusplus
}
#endif
