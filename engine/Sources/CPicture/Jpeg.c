#include "Jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jerror.h>
#include <jpeglib.h>

/// A file with more scans than this only wants to keep its reader busy; the libraries write at most 20.
enum { most_scans = 100 };

struct LBJpeg {
    struct jpeg_decompress_struct codec;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    uint8_t *rows;
    int32_t room;
    /// Four inks that are stored upside down, as Adobe does.
    bool isInverted;
};

static void escape(j_common_ptr codec) {
    longjmp(((struct LBJpeg *)codec)->escape, 1);
}

static void ignore_message(j_common_ptr codec) {
    (void)codec;
}

/// To libjpeg it is worth a warning that data is corrupt or ends early: it fills the rest with grey and goes on. Nobody
/// must be told what was seen in grey that nobody took.
static void judge_warning(j_common_ptr codec, int level) {
    if (level >= 0) return;
    switch (codec->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC: escape(codec);
    default: codec->err->num_warnings++;
    }
}

static void nothing(j_decompress_ptr codec) {
    (void)codec;
}

/// All bytes were there from the beginning: a decoder that asks for more has found the end too early.
static boolean refill(j_decompress_ptr codec) {
    ERREXIT(codec, JERR_INPUT_EOF);
    return FALSE;
}

static void skip(j_decompress_ptr codec, long count) {
    if (count <= 0) return;
    if ((size_t)count > codec->src->bytes_in_buffer) ERREXIT(codec, JERR_INPUT_EOF);
    codec->src->next_input_byte += count;
    codec->src->bytes_in_buffer -= (size_t)count;
}

static void count_scans(j_common_ptr codec) {
    if (((j_decompress_ptr)codec)->input_scan_number > most_scans) ERREXIT(codec, JERR_BAD_PROGRESSION);
}

/// Chooses the colours in which rows come out. Returns false for those that libjpeg can't convert.
static bool choose_colours(struct LBJpeg *jpeg, bool wantsColour, LBRasterInfo *info) {
    struct jpeg_decompress_struct *codec = &jpeg->codec;
    switch (codec->jpeg_color_space) {
    case JCS_GRAYSCALE:
        codec->out_color_space = JCS_GRAYSCALE;
        info->colour = LBRasterColourGrey;
        break;
    case JCS_YCbCr:
        // Their first channel is the grey: the others are only decoded where somebody looks at them.
        codec->out_color_space = wantsColour ? JCS_YCbCr : JCS_GRAYSCALE;
        info->colour = wantsColour ? LBRasterColourYCbCr : LBRasterColourGrey;
        codec->do_fancy_upsampling = FALSE;
        break;
    case JCS_RGB:
        codec->out_color_space = JCS_RGB;
        info->colour = LBRasterColourRGB;
        break;
    case JCS_CMYK:
    case JCS_YCCK:
        codec->out_color_space = JCS_CMYK;
        info->colour = LBRasterColourCMYK;
        jpeg->isInverted = codec->saw_Adobe_marker;
        break;
    default: return false;
    }
    return true;
}

LBJpeg *lb_jpeg_open(
    const void *bytes, size_t count, int32_t shrink, bool wantsColour, LBRasterInfo *info, bool *unsupported) {
    struct LBJpeg *const jpeg = calloc(1, sizeof *jpeg);
    if (!jpeg) return NULL;
    jpeg->codec.err = jpeg_std_error(&jpeg->errors);
    jpeg->errors.error_exit = escape;
    jpeg->errors.output_message = ignore_message;
    jpeg->errors.emit_message = judge_warning;
    if (setjmp(jpeg->escape) != 0) {
        lb_jpeg_close(jpeg);
        return NULL;
    }
    struct jpeg_decompress_struct *codec = &jpeg->codec;
    jpeg_create_decompress(codec);
    jpeg->source = (struct jpeg_source_mgr){
        bytes, count, nothing, refill, skip, jpeg_resync_to_restart, nothing};
    codec->src = &jpeg->source;
    jpeg->progress.progress_monitor = count_scans;
    codec->progress = &jpeg->progress;
    jpeg_read_header(codec, TRUE);
    *unsupported = !choose_colours(jpeg, wantsColour, info);
    if (*unsupported) ERREXIT(codec, JERR_CONVERSION_NOTIMPL);
    codec->scale_num = 1;
    codec->scale_denom = (unsigned)shrink;
    jpeg_start_decompress(codec);
    info->width = (int32_t)codec->output_width;
    info->height = (int32_t)codec->output_height;
    info->samples = codec->output_components;
    info->bytesPerSample = 1;
    info->hasAlpha = false;
    return jpeg;
}

const void *lb_jpeg_rows(LBJpeg *jpeg, int32_t top, int32_t count) {
    struct jpeg_decompress_struct *codec = &jpeg->codec;
    if (top < 0 || count < 1 || (JDIMENSION)top != codec->output_scanline
        || (JDIMENSION)count > codec->output_height - codec->output_scanline)
        return NULL;
    const size_t stride = (size_t)codec->output_width * (size_t)codec->output_components;
    if (count > jpeg->room) {
        free(jpeg->rows);
        jpeg->room = 0;
        jpeg->rows = malloc(stride * (size_t)count);
        if (!jpeg->rows) return NULL;
        jpeg->room = count;
    }
    if (setjmp(jpeg->escape) != 0) return NULL;
    while (codec->output_scanline < (JDIMENSION)(top + count)) {
        const JDIMENSION done = codec->output_scanline - (JDIMENSION)top;
        JSAMPROW rows[16];
        const JDIMENSION wanted = (JDIMENSION)count - done < 16 ? (JDIMENSION)count - done : 16;
        for (JDIMENSION row = 0; row < wanted; row++) rows[row] = jpeg->rows + stride * (done + row);
        if (jpeg_read_scanlines(codec, rows, wanted) == 0) return NULL;
    }
    // What comes after the last row has to be there too.
    if (codec->output_scanline == codec->output_height) jpeg_finish_decompress(codec);
    if (jpeg->isInverted) {
        for (size_t index = 0; index < stride * (size_t)count; index++) jpeg->rows[index] = ~jpeg->rows[index];
    }
    return jpeg->rows;
}

void lb_jpeg_close(LBJpeg *jpeg) {
    if (!jpeg) return;
    jpeg_destroy_decompress(&jpeg->codec);
    free(jpeg->rows);
    free(jpeg);
}
