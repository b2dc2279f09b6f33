#include "OpenVINO.h"

#include <dlfcn.h>
#include <glob.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

int lb_refuse(report to, const char *format, ...) {
    if (to.capacity > 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(to.text, to.capacity, format, arguments);
        va_end(arguments);
    }
    return -1;
}

int lb_refuse_status(const openvino *ov, report to, const char *what, int status) {
    const char *detail = ov->ov_get_last_err_msg();
    const char *kind = ov->ov_get_error_info(status);
    lb_refuse(to, "%s: %s (%s).", what, detail && *detail ? detail : "no details", kind ? kind : "unknown status");
    ov->ov_free(detail);
    return -1;
}

int lb_open_library(openvino *ov, const char *folder, report to) {
    char pattern[PATH_MAX];
    if (snprintf(pattern, sizeof pattern, "%s/libopenvino_c.so*", folder) >= (int)sizeof pattern) {
        return lb_refuse(to, "The path of the OpenVINO folder is too long.");
    }
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0) {
        return lb_refuse(to, "OpenVINO is missing: there is no libopenvino_c.so in %s.", folder);
    }
    // The full path: what OpenVINO needs beside it is found by the RPATH $ORIGIN inside it.
    ov->library = dlopen(found.gl_pathv[0], RTLD_NOW | RTLD_LOCAL);
    globfree(&found);
    if (!ov->library) {
        const char *why = dlerror();
        return lb_refuse(to, "OpenVINO cannot be opened: %s.", why ? why : "no details");
    }
#define RESOLVE(result, name, parameters)                                                                              \
    *(void **)&ov->name = dlsym(ov->library, #name);                                                                   \
    if (!ov->name) {                                                                                                   \
        dlclose(ov->library);                                                                                          \
        return lb_refuse(to, "This version of OpenVINO has no function " #name "; install 2026.4.");                   \
    }
    OPENVINO_FUNCTIONS(RESOLVE)
#undef RESOLVE
    return 0;
}

int lb_compile(
    const openvino *ov, const ov_core_t *core, const ov_model_t *graph, int32_t threads, ov_compiled_model_t **compiled,
    report to) {
    char number[16];
    snprintf(number, sizeof number, "%d", threads);
    // Without the last the library would round the inputs of products with 8-bit weights, each processor in its own way.
    int status = ov->ov_core_compile_model(
        core, graph, "CPU", 12, compiled, "INFERENCE_PRECISION_HINT", "f32", "INFERENCE_NUM_THREADS", number,
        "NUM_STREAMS", "1", "PERFORMANCE_HINT", "LATENCY", "ENABLE_CPU_PINNING", "NO",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE", "0");
    return status == ov_ok ? 0 : lb_refuse_status(ov, to, "The model cannot be compiled", status);
}

const float *lb_values_of(
    const openvino *ov, const ov_tensor_t *tensor, int64_t count, int64_t rank, int64_t *sizes, const char *name,
    report to) {
    ov_shape_t shape = {0};
    void *data = NULL;
    int type = -1;
    int status;
    if ((status = ov->ov_tensor_get_element_type(tensor, &type)) != ov_ok ||
        (status = ov->ov_tensor_data(tensor, &data)) != ov_ok ||
        (status = ov->ov_tensor_get_shape(tensor, &shape)) != ov_ok) {
        lb_refuse_status(ov, to, "An output of the model cannot be read", status);
        return NULL;
    }
    int fits = type == ov_f32 && shape.rank == rank && shape.dimensions[0] == count;
    for (int64_t index = 1; fits && index < rank; index++) {
        sizes[index - 1] = shape.dimensions[index];
        fits = shape.dimensions[index] > 0 && shape.dimensions[index] <= 1 << 16;
    }
    ov->ov_shape_free(&shape);
    if (!fits) {
        lb_refuse(to, "The model's output for %s has not the declared type and shape.", name);
        return NULL;
    }
    return data;
}
