#pragma once

#include "CPicture.h"

/// A JPEG whose rows are decoded as they are asked for, by libjpeg itself: it can leave out the colours, and shrink.
typedef struct LBJpeg LBJpeg;

/// As `lb_raster_open`. `unsupported` is set where the colours are none that can be converted.
LBJpeg *lb_jpeg_open(
    const void *bytes, size_t count, int32_t shrink, bool wantsColour, LBRasterInfo *info, bool *unsupported);

/// As `lb_raster_rows`, without gaps.
const void *lb_jpeg_rows(LBJpeg *jpeg, int32_t top, int32_t count);

void lb_jpeg_close(LBJpeg *jpeg);
