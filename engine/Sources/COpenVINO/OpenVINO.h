// The few declarations of OpenVINO's C API that are needed, written out here so that building takes no OpenVINO.
// Source: OpenVINO 2026.4, C API (openvino/c/openvino.h, Apache-2.0).
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct ov_core ov_core_t;
typedef struct ov_model ov_model_t;
typedef struct ov_compiled_model ov_compiled_model_t;
typedef struct ov_infer_request ov_infer_request_t;
typedef struct ov_tensor ov_tensor_t;
typedef struct {
    const char *build;
    const char *description;
} ov_version_t;
typedef struct {
    int64_t minimum;
    int64_t maximum;
} ov_dimension_t;
typedef struct {
    ov_dimension_t rank;
    ov_dimension_t *dimensions;
} ov_partial_shape_t;
typedef struct {
    int64_t rank;
    int64_t *dimensions;
} ov_shape_t;
enum { ov_ok = 0, ov_f32 = 4, ov_i64 = 10 };

#define OPENVINO_FUNCTIONS(X)                                                                                          \
    X(int, ov_get_openvino_version, (ov_version_t *))                                                                  \
    X(void, ov_version_free, (ov_version_t *))                                                                         \
    X(const char *, ov_get_error_info, (int))                                                                          \
    X(const char *, ov_get_last_err_msg, (void))                                                                       \
    X(void, ov_free, (const char *))                                                                                   \
    X(int, ov_core_create, (ov_core_t **))                                                                             \
    X(void, ov_core_free, (ov_core_t *))                                                                               \
    X(int, ov_core_read_model_from_memory_buffer,                                                                      \
      (const ov_core_t *, const char *, size_t, const ov_tensor_t *, ov_model_t **))                                   \
    X(void, ov_model_free, (ov_model_t *))                                                                             \
    X(int, ov_model_reshape_input_by_name, (const ov_model_t *, const char *, ov_partial_shape_t))                     \
    X(int, ov_model_reshape, (const ov_model_t *, const char **, const ov_partial_shape_t *, size_t))                  \
    X(int, ov_core_compile_model,                                                                                      \
      (const ov_core_t *, const ov_model_t *, const char *, size_t, ov_compiled_model_t **, ...))                      \
    X(void, ov_compiled_model_free, (ov_compiled_model_t *))                                                           \
    X(int, ov_compiled_model_create_infer_request, (const ov_compiled_model_t *, ov_infer_request_t **))               \
    X(int, ov_infer_request_get_tensor, (const ov_infer_request_t *, const char *, ov_tensor_t **))                    \
    X(int, ov_infer_request_infer, (ov_infer_request_t *))                                                             \
    X(void, ov_infer_request_free, (ov_infer_request_t *))                                                             \
    X(int, ov_tensor_get_shape, (const ov_tensor_t *, ov_shape_t *))                                                   \
    X(int, ov_tensor_get_element_type, (const ov_tensor_t *, int *))                                                   \
    X(int, ov_tensor_data, (const ov_tensor_t *, void **))                                                             \
    X(void, ov_tensor_free, (ov_tensor_t *))                                                                           \
    X(int, ov_shape_free, (ov_shape_t *))

typedef struct {
    void *library;
#define DECLARE(result, name, parameters) result(*name) parameters;
    OPENVINO_FUNCTIONS(DECLARE)
#undef DECLARE
} openvino;

/// Where a sentence about a failure goes.
typedef struct {
    char *text;
    size_t capacity;
} report;

/// Both return -1.
__attribute__((format(printf, 2, 3))) int lb_refuse(report to, const char *format, ...);
/// Turns a status of the library into a sentence that begins with `what`.
int lb_refuse_status(const openvino *ov, report to, const char *what, int status);

/// Opens the library in `folder` and finds its functions. On failure nothing is left open.
int lb_open_library(openvino *ov, const char *folder, report to);

/// Compiles a graph for the CPU: 32-bit floats throughout, one run at a time.
int lb_compile(
    const openvino *ov, const ov_core_t *core, const ov_model_t *graph, int32_t threads, ov_compiled_model_t **compiled,
    report to);

/// The values of a float tensor [count, ...] with `rank` dimensions; its sizes after the first go to `sizes`. NULL on
/// failure.
const float *lb_values_of(
    const openvino *ov, const ov_tensor_t *tensor, int64_t count, int64_t rank, int64_t *sizes, const char *name,
    report to);
