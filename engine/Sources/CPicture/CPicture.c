#include "CPicture.h"
#include "Jpeg.h"

#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>
#include <webp/decode.h>

struct LBRaster {
    /// PNG and TIFF.
    VipsImage *image;
    VipsRegion *region;
    VipsBlob *blob;
    LBJpeg *jpeg;
    /// All rows of a WebP picture.
    uint8_t *pixels;
    size_t rowBytes;
    int32_t rows;
};

static void ignore_log(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)level, (void)message, (void)data;
}

static int compare_bytes(const void *one, const void *other) {
    return (int)*(const unsigned char *)one - (int)*(const unsigned char *)other;
}

bool lb_picture_prepare(void) {
    // The first large sort of a process asks the kernel for the size of memory, and libtiff sorts: later is too late.
    unsigned char sorted[4096] = {0};
    qsort(sorted, sizeof sorted, 1, compare_bytes);
    // libvips looks for its modules (ImageMagick, poppler, ...) below this prefix: there are none.
    const char *before = g_getenv("VIPSHOME");
    gchar *saved = before ? g_strdup(before) : NULL;
    g_setenv("VIPSHOME", "/proc/self/fdinfo", TRUE);
    const int started = vips_init("lightbox-worker");
    if (saved) {
        g_setenv("VIPSHOME", saved, TRUE);
        g_free(saved);
    } else {
        g_unsetenv("VIPSHOME");
    }
    if (started != 0) return false;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    vips_operation_block_set("VipsForeignLoadPngBuffer", FALSE);
    vips_operation_block_set("VipsForeignLoadTiffBuffer", FALSE);
    // Library messages may quote the file; nothing of a file may reach the log.
    g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, ignore_log, NULL);
    return true;
}

/// Runs a loader operation by name. Its output is decoded lazily, row by row.
static VipsImage *load(LBRasterFormat format, VipsBlob *blob, int page) {
    const char *const name = format == LBRasterFormatPNG ? "pngload_buffer" : "tiffload_buffer";
    VipsOperation *operation = vips_operation_new(name);
    if (!operation) return NULL;
    // To libjpeg, data that is corrupt or ends early is worth a warning: it fills the rest with grey and goes on.
    const VipsFailOn strictness = format == LBRasterFormatJPEG ? VIPS_FAIL_ON_WARNING : VIPS_FAIL_ON_ERROR;
    g_object_set(operation, "buffer", blob, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", strictness, NULL);
    if (format == LBRasterFormatTIFF) g_object_set(operation, "page", page, NULL);
    VipsImage *image = NULL;
    // The cache holds nothing, but building through it is the only way that honours the block list.
    if (vips_cache_operation_buildp(&operation) == 0) g_object_get(operation, "out", &image, NULL);
    vips_object_unref_outputs(VIPS_OBJECT(operation));
    g_object_unref(operation);
    return image;
}

/// Decodes a WebP picture at once: libvips would have libwebp start a thread for it.
static LBRaster *open_webp(LBRaster *raster, const void *bytes, size_t count, LBRasterInfo *info) {
    WebPDecoderConfig config;
    bool done = false;
    if (WebPInitDecoderConfig(&config) && WebPGetFeatures(bytes, count, &config.input) == VP8_STATUS_OK
        && !config.input.has_animation) {
        const bool alpha = config.input.has_alpha;
        config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
        config.options.use_threads = 0;
        *info = (LBRasterInfo){config.input.width, config.input.height, alpha ? 4 : 3, 1, LBRasterColourRGB, alpha};
        raster->rows = config.input.height;
        raster->rowBytes = (size_t)config.input.width * (size_t)info->samples;
        raster->pixels = malloc(raster->rowBytes * (size_t)raster->rows);
        if (raster->pixels) {
            config.output.u.RGBA.rgba = raster->pixels;
            config.output.u.RGBA.stride = (int)raster->rowBytes;
            config.output.u.RGBA.size = raster->rowBytes * (size_t)raster->rows;
            config.output.is_external_memory = 1;
            done = WebPDecode(bytes, count, &config) == VP8_STATUS_OK;
        }
        WebPFreeDecBuffer(&config.output);
    }
    if (done) return raster;
    lb_raster_close(raster);
    return NULL;
}

static bool describe(const VipsImage *image, LBRasterInfo *info) {
    const int bands = vips_image_get_bands(image);
    info->width = vips_image_get_width(image);
    info->height = vips_image_get_height(image);
    info->samples = bands;
    switch (vips_image_get_format(image)) {
    case VIPS_FORMAT_UCHAR: info->bytesPerSample = 1; break;
    case VIPS_FORMAT_USHORT: info->bytesPerSample = 2; break;
    default: return false;
    }
    if (vips_image_get_coding(image) != VIPS_CODING_NONE) return false;
    int colours = 0;
    switch (vips_image_get_interpretation(image)) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16: info->colour = LBRasterColourGrey, colours = 1; break;
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_RGB16: info->colour = LBRasterColourRGB, colours = 3; break;
    case VIPS_INTERPRETATION_CMYK: info->colour = LBRasterColourCMYK, colours = 4; break;
    case VIPS_INTERPRETATION_MULTIBAND:
        info->colour = bands < 3 ? LBRasterColourGrey : LBRasterColourRGB;
        colours = bands < 3 ? 1 : 3;
        break;
    default: return false;
    }
    if (bands != colours && bands != colours + 1) return false;
    info->hasAlpha = bands == colours + 1;
    return true;
}

LBRaster *lb_raster_open(
    LBRasterFormat format, const void *bytes, size_t count, int32_t page, int32_t shrink, bool wantsColour,
    LBRasterInfo *info, bool *unsupported) {
    *unsupported = false;
    LBRaster *raster = calloc(1, sizeof *raster);
    if (!raster) return NULL;
    if (format == LBRasterFormatWebP) return open_webp(raster, bytes, count, info);
    if (format == LBRasterFormatJPEG) {
        raster->jpeg = lb_jpeg_open(bytes, count, shrink, wantsColour, info, unsupported);
        raster->rowBytes = (size_t)info->width * (size_t)info->samples;
        if (raster->jpeg) return raster;
        lb_raster_close(raster);
        return NULL;
    }
    raster->blob = vips_blob_new(NULL, bytes, count);
    raster->image = load(format, raster->blob, page);
    if (raster->image && !describe(raster->image, info)) *unsupported = true;
    if (raster->image && !*unsupported) raster->region = vips_region_new(raster->image);
    if (!raster->region) {
        lb_raster_close(raster);
        return NULL;
    }
    return raster;
}

const void *lb_raster_rows(LBRaster *raster, int32_t top, int32_t count, size_t *stride) {
    if (raster->pixels) {
        if (top < 0 || count < 0 || top > raster->rows - count) return NULL;
        *stride = raster->rowBytes;
        return raster->pixels + raster->rowBytes * (size_t)top;
    }
    if (raster->jpeg) {
        *stride = raster->rowBytes;
        return lb_jpeg_rows(raster->jpeg, top, count);
    }
    const VipsRect strip = {0, top, vips_image_get_width(raster->image), count};
    // On the calling thread: a sink would start threads, and the sandbox has none to give.
    if (vips_region_prepare(raster->region, &strip) != 0) {
        vips_error_clear();
        return NULL;
    }
    *stride = VIPS_REGION_LSKIP(raster->region);
    return VIPS_REGION_ADDR(raster->region, 0, top);
}

void lb_raster_close(LBRaster *raster) {
    if (!raster) return;
    if (raster->region) g_object_unref(raster->region);
    if (raster->image) g_object_unref(raster->image);
    if (raster->blob) vips_area_unref(VIPS_AREA(raster->blob));
    lb_jpeg_close(raster->jpeg);
    free(raster->pixels);
    free(raster);
    vips_error_clear();
}
