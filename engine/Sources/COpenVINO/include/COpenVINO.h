#pragma once

#include <stddef.h>
#include <stdint.h>

/// One network, compiled for one picture at a time and for several, each with one inference request. Not safe for use by
/// two threads at once.
typedef struct lb_model lb_model;

/// What a network is asked to look like.
typedef struct {
    const char *input;
    const char *logits;
    const char *activation;
    int64_t height;
    int64_t width;
    int32_t threads;
    /// Most pictures of one run, 1, 2, 4 or 8. It is compiled for each of these numbers up to it.
    int32_t batch;
} lb_model_layout;

/// Opens OpenVINO's C library in the folder `libraries` and compiles the ONNX graph for the CPU, for the input shapes
/// [pictures, 1, height, width] and in 32-bit floats. All code is generated here: no later call makes memory executable.
///
/// Returns NULL on failure, with a sentence in `message`.
lb_model *lb_model_open(
    const char *libraries, const void *graph, size_t graph_size, const lb_model_layout *layout, char *message,
    size_t message_capacity);

/// Runs the network on one or several pictures, one behind the other: `pixels` has pictures * height * width values.
/// `pictures` is one of the numbers that it was compiled for. Returns 0, or -1 with a sentence in `message`.
int lb_model_infer(
    lb_model *model, const float *pixels, size_t count, int32_t pictures, char *message, size_t message_capacity);

/// The results of the last inference for one of its pictures, valid until the next one. `shape` is filled with channels,
/// rows, columns.
const float *lb_model_logits(const lb_model *model, int32_t picture, size_t *count);
const float *lb_model_activation(const lb_model *model, int32_t picture, int64_t shape[3]);

/// The library's version, for example "2026.4.0-...".
const char *lb_model_library_version(const lb_model *model);

void lb_model_close(lb_model *model);

/// One compiled network that reads tokens. Not safe for use by two threads at once.
typedef struct lb_encoder lb_encoder;

/// What such a network is asked to look like: three inputs, int64 [1, length], and one output, float32
/// [1, length, width].
typedef struct {
    const char *ids;
    const char *mask;
    const char *types;
    const char *output;
    /// Numbers of tokens to compile it for, ascending, at most 4, each at most 512. A text gets the smallest that holds
    /// it.
    const int64_t *lengths;
    int32_t length_count;
    int32_t threads;
} lb_encoder_layout;

/// As `lb_model_open`, once for each length.
lb_encoder *lb_encoder_open(
    const char *libraries, const void *graph, size_t graph_size, const lb_encoder_layout *layout, char *message,
    size_t message_capacity);

/// Runs the network on the tokens of one text. Returns 0, or -1 with a sentence in `message`.
int lb_encoder_run(lb_encoder *encoder, const int64_t *ids, size_t count, char *message, size_t message_capacity);

/// The output of the last run, valid until the next one: a row of `width` values for each token, without the padding.
const float *lb_encoder_values(const lb_encoder *encoder, size_t *rows, size_t *width);

void lb_encoder_close(lb_encoder *encoder);
