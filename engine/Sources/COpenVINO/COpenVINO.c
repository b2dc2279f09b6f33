// The few declarations of OpenVINO's C API that are needed, written out here so that building takes no OpenVINO.
// Source: OpenVINO 2026.4, C API (openvino/c/openvino.h, Apache-2.0).
#include "COpenVINO.h"

#include <dlfcn.h>
#include <glob.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
enum { ov_ok = 0, ov_f32 = 4 };

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

struct lb_model {
    openvino ov;
    ov_core_t *core;
    ov_model_t *graph;
    ov_compiled_model_t *compiled;
    ov_infer_request_t *request;
    ov_tensor_t *input;
    ov_tensor_t *logits;
    ov_tensor_t *activation;
    float *pixels;
    size_t pixel_count;
    const float *logit_values;
    size_t logit_count;
    const float *activation_values;
    int64_t activation_shape[3];
    char version[64];
};

typedef struct {
    char *text;
    size_t capacity;
} report;

__attribute__((format(printf, 2, 3))) static int refuse(report to, const char *format, ...) {
    if (to.capacity > 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(to.text, to.capacity, format, arguments);
        va_end(arguments);
    }
    return -1;
}

/// Turns a status of the library into a sentence that begins with `what`.
static int refuse_status(const openvino *ov, report to, const char *what, int status) {
    const char *detail = ov->ov_get_last_err_msg();
    const char *kind = ov->ov_get_error_info(status);
    refuse(to, "%s: %s (%s).", what, detail && *detail ? detail : "no details", kind ? kind : "unknown status");
    ov->ov_free(detail);
    return -1;
}

static int open_library(openvino *ov, const char *folder, report to) {
    char pattern[PATH_MAX];
    if (snprintf(pattern, sizeof pattern, "%s/libopenvino_c.so*", folder) >= (int)sizeof pattern) {
        return refuse(to, "The path of the OpenVINO folder is too long.");
    }
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0) {
        return refuse(to, "OpenVINO is missing: there is no libopenvino_c.so in %s.", folder);
    }
    // The full path: what OpenVINO needs beside it is found by the RPATH $ORIGIN inside it.
    ov->library = dlopen(found.gl_pathv[0], RTLD_NOW | RTLD_LOCAL);
    globfree(&found);
    if (!ov->library) {
        const char *why = dlerror();
        return refuse(to, "OpenVINO cannot be opened: %s.", why ? why : "no details");
    }
#define RESOLVE(result, name, parameters)                                                                              \
    *(void **)&ov->name = dlsym(ov->library, #name);                                                                   \
    if (!ov->name) return refuse(to, "This version of OpenVINO has no function " #name "; install 2026.4.");
    OPENVINO_FUNCTIONS(RESOLVE)
#undef RESOLVE
    return 0;
}

static int compile(lb_model *model, const void *graph, size_t graph_size, const lb_model_layout *layout, report to) {
    openvino *ov = &model->ov;
    ov_version_t version = {0};
    int status = ov->ov_get_openvino_version(&version);
    if (status == ov_ok) {
        snprintf(model->version, sizeof model->version, "%s", version.build ? version.build : "unknown");
        ov->ov_version_free(&version);
    }
    if ((status = ov->ov_core_create(&model->core)) != ov_ok) {
        return refuse_status(ov, to, "OpenVINO cannot start", status);
    }
    // From memory: what was hashed is what is run.
    status = ov->ov_core_read_model_from_memory_buffer(model->core, graph, graph_size, NULL, &model->graph);
    if (status != ov_ok) return refuse_status(ov, to, "The model cannot be read", status);

    ov_dimension_t dimensions[4] = {
        {1, 1}, {1, 1}, {layout->height, layout->height}, {layout->width, layout->width}};
    ov_partial_shape_t shape = {{4, 4}, dimensions};
    status = ov->ov_model_reshape_input_by_name(model->graph, layout->input, shape);
    if (status != ov_ok) return refuse_status(ov, to, "The model does not take the declared input", status);

    char threads[16];
    snprintf(threads, sizeof threads, "%d", layout->threads);
    status = ov->ov_core_compile_model(
        model->core, model->graph, "CPU", 10, &model->compiled, "INFERENCE_PRECISION_HINT", "f32",
        "INFERENCE_NUM_THREADS", threads, "NUM_STREAMS", "1", "PERFORMANCE_HINT", "LATENCY", "ENABLE_CPU_PINNING", "NO");
    if (status != ov_ok) return refuse_status(ov, to, "The model cannot be compiled", status);
    status = ov->ov_compiled_model_create_infer_request(model->compiled, &model->request);
    if (status != ov_ok) return refuse_status(ov, to, "The model cannot be prepared", status);

    void *pixels = NULL;
    int type = -1;
    if ((status = ov->ov_infer_request_get_tensor(model->request, layout->input, &model->input)) != ov_ok ||
        (status = ov->ov_tensor_get_element_type(model->input, &type)) != ov_ok ||
        (status = ov->ov_tensor_data(model->input, &pixels)) != ov_ok) {
        return refuse_status(ov, to, "The model's input cannot be reached", status);
    }
    if (type != ov_f32) return refuse(to, "The model's input has not the type float32.");
    model->pixels = pixels;
    model->pixel_count = (size_t)layout->height * (size_t)layout->width;
    if ((status = ov->ov_infer_request_get_tensor(model->request, layout->logits, &model->logits)) != ov_ok) {
        return refuse_status(ov, to, "The model has not the declared output for scores", status);
    }
    if ((status = ov->ov_infer_request_get_tensor(model->request, layout->activation, &model->activation)) != ov_ok) {
        return refuse_status(ov, to, "The model has not the declared output for activations", status);
    }
    return 0;
}

lb_model *lb_model_open(
    const char *libraries, const void *graph, size_t graph_size, const lb_model_layout *layout, char *message,
    size_t message_capacity) {
    report to = {message, message_capacity};
    if (layout->height < 1 || layout->width < 1 || layout->height > 4096 || layout->width > 4096) {
        refuse(to, "The model's input size is out of range.");
        return NULL;
    }
    lb_model *model = calloc(1, sizeof *model);
    if (!model) {
        refuse(to, "There is not enough memory for the model.");
        return NULL;
    }
    if (open_library(&model->ov, libraries, to) != 0) {
        // A library that lacks functions cannot free what it made; nothing was made yet.
        if (model->ov.library) dlclose(model->ov.library);
        free(model);
        return NULL;
    }
    if (compile(model, graph, graph_size, layout, to) != 0) {
        lb_model_close(model);
        return NULL;
    }
    return model;
}

/// The values of a float tensor [1, ...] with `rank` dimensions; its sizes after the first go to `sizes`.
static const float *values_of(
    const openvino *ov, const ov_tensor_t *tensor, int64_t rank, int64_t *sizes, const char *name, report to) {
    ov_shape_t shape = {0};
    void *data = NULL;
    int type = -1;
    int status;
    if ((status = ov->ov_tensor_get_element_type(tensor, &type)) != ov_ok ||
        (status = ov->ov_tensor_data(tensor, &data)) != ov_ok ||
        (status = ov->ov_tensor_get_shape(tensor, &shape)) != ov_ok) {
        refuse_status(ov, to, "An output of the model cannot be read", status);
        return NULL;
    }
    int fits = type == ov_f32 && shape.rank == rank && shape.dimensions[0] == 1;
    for (int64_t index = 1; fits && index < rank; index++) {
        sizes[index - 1] = shape.dimensions[index];
        fits = shape.dimensions[index] > 0 && shape.dimensions[index] <= 1 << 16;
    }
    ov->ov_shape_free(&shape);
    if (!fits) {
        refuse(to, "The model's output for %s has not the declared type and shape.", name);
        return NULL;
    }
    return data;
}

int lb_model_infer(lb_model *model, const float *pixels, size_t count, char *message, size_t message_capacity) {
    report to = {message, message_capacity};
    if (count != model->pixel_count) return refuse(to, "The picture has not the size of the model's input.");
    memcpy(model->pixels, pixels, count * sizeof *pixels);
    int status = model->ov.ov_infer_request_infer(model->request);
    if (status != ov_ok) return refuse_status(&model->ov, to, "The model gave an error", status);

    int64_t heads = 0;
    model->logit_values = values_of(&model->ov, model->logits, 2, &heads, "scores", to);
    if (!model->logit_values) return -1;
    model->logit_count = (size_t)heads;
    model->activation_values =
        values_of(&model->ov, model->activation, 4, model->activation_shape, "activations", to);
    return model->activation_values ? 0 : -1;
}

const float *lb_model_logits(const lb_model *model, size_t *count) {
    *count = model->logit_count;
    return model->logit_values;
}

const float *lb_model_activation(const lb_model *model, int64_t shape[3]) {
    memcpy(shape, model->activation_shape, sizeof model->activation_shape);
    return model->activation_values;
}

const char *lb_model_library_version(const lb_model *model) { return model->version; }

void lb_model_close(lb_model *model) {
    if (!model) return;
    openvino *ov = &model->ov;
    if (model->activation) ov->ov_tensor_free(model->activation);
    if (model->logits) ov->ov_tensor_free(model->logits);
    if (model->input) ov->ov_tensor_free(model->input);
    if (model->request) ov->ov_infer_request_free(model->request);
    if (model->compiled) ov->ov_compiled_model_free(model->compiled);
    if (model->graph) ov->ov_model_free(model->graph);
    if (model->core) ov->ov_core_free(model->core);
    // The library stays: OpenVINO's threads and exit handlers may still run code in it.
    free(model);
}
