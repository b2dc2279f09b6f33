#include "CPicture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

struct escaping_error_mgr {
    struct jpeg_error_mgr base;
    jmp_buf escape;
};

static void escape(j_common_ptr codec) {
    longjmp(((struct escaping_error_mgr *)codec->err)->escape, 1);
}

static void ignore_message(j_common_ptr codec) {
    (void)codec;
}

uint8_t *lb_jpeg_encode_grey(const uint8_t *pixels, int32_t width, int32_t height, int32_t quality, size_t *count) {
    struct jpeg_compress_struct codec;
    struct escaping_error_mgr errors;
    unsigned char *volatile out = NULL;
    unsigned long volatile size = 0;
    codec.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = escape;
    errors.base.output_message = ignore_message;
    if (setjmp(errors.escape)) {
        jpeg_destroy_compress(&codec);
        free(out);
        return NULL;
    }
    jpeg_create_compress(&codec);
    jpeg_mem_dest(&codec, (unsigned char **)&out, (unsigned long *)&size);
    codec.image_width = (JDIMENSION)width;
    codec.image_height = (JDIMENSION)height;
    codec.input_components = 1;
    codec.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, quality, TRUE);
    codec.optimize_coding = TRUE;
    jpeg_start_compress(&codec, TRUE);
    while (codec.next_scanline < codec.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)codec.next_scanline * (size_t)width);
        jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    jpeg_destroy_compress(&codec);
    *count = size;
    return out;
}

uint8_t *lb_png_encode_rgba(const uint8_t *pixels, int32_t width, int32_t height, size_t *count) {
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = (png_uint_32)width;
    image.height = (png_uint_32)height;
    image.format = PNG_FORMAT_RGBA;
    image.flags = PNG_IMAGE_FLAG_FAST;
    // The largest size is known beforehand; asking libpng for the exact one would compress twice.
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *out = malloc(size);
    if (!out) return NULL;
    if (!png_image_write_to_memory(&image, out, &size, 0, pixels, 0, NULL)) {
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
