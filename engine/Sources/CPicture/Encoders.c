#include "CPicture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

/// What must keep its value across `longjmp`; hence not on the stack.
struct encoding {
    struct jpeg_error_mgr errors;
    struct jpeg_compress_struct codec;
    jmp_buf escape;
    unsigned char *out;
    unsigned long size;
};

static void escape(j_common_ptr codec) {
    longjmp(((struct encoding *)codec->err)->escape, 1);
}

static void ignore_message(j_common_ptr codec) {
    (void)codec;
}

static void encode_grey(struct encoding *encoding, const uint8_t *pixels, int32_t width, int32_t height, int quality) {
    struct jpeg_compress_struct *codec = &encoding->codec;
    jpeg_create_compress(codec);
    jpeg_mem_dest(codec, &encoding->out, &encoding->size);
    codec->image_width = (JDIMENSION)width;
    codec->image_height = (JDIMENSION)height;
    codec->input_components = 1;
    codec->in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(codec);
    jpeg_set_quality(codec, quality, TRUE);
    codec->optimize_coding = TRUE;
    jpeg_start_compress(codec, TRUE);
    while (codec->next_scanline < codec->image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)codec->next_scanline * (size_t)width);
        jpeg_write_scanlines(codec, &row, 1);
    }
    jpeg_finish_compress(codec);
}

uint8_t *lb_jpeg_encode_grey(const uint8_t *pixels, int32_t width, int32_t height, int32_t quality, size_t *count) {
    struct encoding *const encoding = calloc(1, sizeof *encoding);
    if (!encoding) return NULL;
    encoding->codec.err = jpeg_std_error(&encoding->errors);
    encoding->errors.error_exit = escape;
    encoding->errors.output_message = ignore_message;
    uint8_t *result = NULL;
    if (setjmp(encoding->escape) == 0) {
        encode_grey(encoding, pixels, width, height, quality);
        result = encoding->out;
        *count = encoding->size;
    } else {
        free(encoding->out);
    }
    jpeg_destroy_compress(&encoding->codec);
    free(encoding);
    return result;
}

uint8_t *lb_png_encode_indexed(
    const uint8_t *indices, int32_t width, int32_t height, const uint8_t *palette, size_t *count) {
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = (png_uint_32)width;
    image.height = (png_uint_32)height;
    image.format = PNG_FORMAT_RGBA_COLORMAP;
    image.colormap_entries = 256;
    image.flags = PNG_IMAGE_FLAG_FAST;
    // The largest size is known beforehand; asking libpng for the exact one would compress twice.
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *out = malloc(size);
    if (!out) return NULL;
    if (!png_image_write_to_memory(&image, out, &size, 0, indices, 0, palette)) {
        png_image_free(&image);
        free(out);
        return NULL;
    }
    *count = size;
    return out;
}

void lb_picture_free(uint8_t *bytes) {
    free(bytes);
}
