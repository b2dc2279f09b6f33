#include "Jpeg2000.h"

#include <cstring>
#include <memory>

#include <openjpeg.h>

namespace {

/// A position in bytes that belong to the caller.
struct Source {
    const uint8_t *bytes;
    size_t count;
    size_t position;
};

OPJ_SIZE_T read_source(void *target, OPJ_SIZE_T wanted, void *data) {
    auto *source = static_cast<Source *>(data);
    const size_t left = source->count - source->position;
    if (left == 0) return OPJ_SIZE_T(-1);
    const size_t given = wanted < left ? wanted : left;
    std::memcpy(target, source->bytes + source->position, given);
    source->position += given;
    return given;
}

OPJ_OFF_T skip_source(OPJ_OFF_T distance, void *data) {
    auto *source = static_cast<Source *>(data);
    if (distance < 0) return -1;
    const size_t left = source->count - source->position;
    if (size_t(distance) > left) {
        source->position = source->count;
        return left == 0 ? -1 : OPJ_OFF_T(left);
    }
    source->position += size_t(distance);
    return distance;
}

OPJ_BOOL seek_source(OPJ_OFF_T position, void *data) {
    auto *source = static_cast<Source *>(data);
    if (position < 0 || size_t(position) > source->count) return OPJ_FALSE;
    source->position = size_t(position);
    return OPJ_TRUE;
}

void ignore_message(const char *, void *) {}

struct StreamEnd {
    void operator()(opj_stream_t *stream) const { opj_stream_destroy(stream); }
};
struct CodecEnd {
    void operator()(opj_codec_t *codec) const { opj_destroy_codec(codec); }
};
struct ImageEnd {
    void operator()(opj_image_t *image) const { opj_image_destroy(image); }
};

}  // namespace

namespace lb {

bool decode_jpeg2000(const LBFrame &frame, const uint8_t *bytes, size_t count, uint16_t *out) {
    Source source = {bytes, count, 0};
    const std::unique_ptr<opj_stream_t, StreamEnd> stream(opj_stream_create(1 << 20, OPJ_TRUE));
    const std::unique_ptr<opj_codec_t, CodecEnd> codec(opj_create_decompress(OPJ_CODEC_J2K));
    if (!stream || !codec) return false;
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), count);
    opj_stream_set_read_function(stream.get(), read_source);
    opj_stream_set_skip_function(stream.get(), skip_source);
    opj_stream_set_seek_function(stream.get(), seek_source);
    opj_set_info_handler(codec.get(), ignore_message, nullptr);
    opj_set_warning_handler(codec.get(), ignore_message, nullptr);
    opj_set_error_handler(codec.get(), ignore_message, nullptr);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (!opj_setup_decoder(codec.get(), &parameters)) return false;
    opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE);

    opj_image_t *header = nullptr;
    const bool readable = opj_read_header(stream.get(), codec.get(), &header);
    const std::unique_ptr<opj_image_t, ImageEnd> image(header);
    if (!readable || !image || image->numcomps != 1) return false;
    const uint64_t width = uint64_t(image->x1) - image->x0, height = uint64_t(image->y1) - image->y0;
    if (width != uint64_t(frame.columns) || height != uint64_t(frame.rows)) return false;
    if (!opj_decode(codec.get(), stream.get(), image.get())) return false;

    const opj_image_comp_t &samples = image->comps[0];
    if (!samples.data || samples.w != OPJ_UINT32(frame.columns) || samples.h != OPJ_UINT32(frame.rows)) return false;
    if (samples.prec < 1 || samples.prec > 16) return false;
    const size_t total = size_t(frame.columns) * size_t(frame.rows);
    for (size_t i = 0; i < total; i++) out[i] = uint16_t(samples.data[i]);
    return true;
}

}  // namespace lb
