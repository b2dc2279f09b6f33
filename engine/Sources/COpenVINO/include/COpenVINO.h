#pragma once

#include <stddef.h>
#include <stdint.h>

/// One compiled network with one inference request. Not safe for use by two threads at once.
typedef struct lb_model lb_model;

/// What a network is asked to look like.
typedef struct {
    const char *input;
    const char *logits;
    const char *activation;
    int64_t height;
    int64_t width;
    int32_t threads;
} lb_model_layout;

/// Opens OpenVINO's C library in the folder `libraries` and compiles the ONNX graph for the CPU, for the one input shape
/// [1, 1, height, width] and in 32-bit floats. All code is generated here: no later call makes memory executable.
///
/// Returns NULL on failure, with a sentence in `message`.
lb_model *lb_model_open(
    const char *libraries, const void *graph, size_t graph_size, const lb_model_layout *layout, char *message,
    size_t message_capacity);

/// Runs the network. `pixels` has height * width values. Returns 0, or -1 with a sentence in `message`.
int lb_model_infer(lb_model *model, const float *pixels, size_t count, char *message, size_t message_capacity);

/// The results of the last inference, valid until the next one. `shape` is filled with channels, rows, columns.
const float *lb_model_logits(const lb_model *model, size_t *count);
const float *lb_model_activation(const lb_model *model, int64_t shape[3]);

/// The library's version, for example "2026.4.0-...".
const char *lb_model_library_version(const lb_model *model);

void lb_model_close(lb_model *model);
