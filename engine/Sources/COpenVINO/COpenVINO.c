#include "COpenVINO.h"
#include "OpenVINO.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_variants = 4 };

/// The network, compiled for one number of pictures.
typedef struct {
    int32_t pictures;
    ov_compiled_model_t *compiled;
    ov_infer_request_t *request;
    ov_tensor_t *input;
    ov_tensor_t *logits;
    ov_tensor_t *activation;
    float *pixels;
} variant;

struct lb_model {
    openvino ov;
    ov_core_t *core;
    ov_model_t *graph;
    variant variants[most_variants];
    int32_t count;
    size_t pixel_count;
    const float *logit_values;
    size_t logit_count;
    const float *activation_values;
    int64_t activation_shape[3];
    char version[64];
};

static int prepare(lb_model *model, variant *one, const lb_model_layout *layout, report to) {
    const openvino *ov = &model->ov;
    ov_dimension_t dimensions[4] = {
        {one->pictures, one->pictures}, {1, 1}, {layout->height, layout->height}, {layout->width, layout->width}};
    ov_partial_shape_t shape = {{4, 4}, dimensions};
    int status = ov->ov_model_reshape_input_by_name(model->graph, layout->input, shape);
    if (status != ov_ok) return lb_refuse_status(ov, to, "The model does not take the declared input", status);

    if (lb_compile(ov, model->core, model->graph, layout->threads, &one->compiled, to) != 0) return -1;
    status = ov->ov_compiled_model_create_infer_request(one->compiled, &one->request);
    if (status != ov_ok) return lb_refuse_status(ov, to, "The model cannot be prepared", status);

    void *pixels = NULL;
    int type = -1;
    if ((status = ov->ov_infer_request_get_tensor(one->request, layout->input, &one->input)) != ov_ok ||
        (status = ov->ov_tensor_get_element_type(one->input, &type)) != ov_ok ||
        (status = ov->ov_tensor_data(one->input, &pixels)) != ov_ok) {
        return lb_refuse_status(ov, to, "The model's input cannot be reached", status);
    }
    if (type != ov_f32) return lb_refuse(to, "The model's input has not the type float32.");
    one->pixels = pixels;
    if ((status = ov->ov_infer_request_get_tensor(one->request, layout->logits, &one->logits)) != ov_ok) {
        return lb_refuse_status(ov, to, "The model has not the declared output for scores", status);
    }
    if ((status = ov->ov_infer_request_get_tensor(one->request, layout->activation, &one->activation)) != ov_ok) {
        return lb_refuse_status(ov, to, "The model has not the declared output for activations", status);
    }
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
        return lb_refuse_status(ov, to, "OpenVINO cannot start", status);
    }
    // From memory: what was hashed is what is run.
    status = ov->ov_core_read_model_from_memory_buffer(model->core, graph, graph_size, NULL, &model->graph);
    if (status != ov_ok) return lb_refuse_status(ov, to, "The model cannot be read", status);

    model->pixel_count = (size_t)layout->height * (size_t)layout->width;
    for (int32_t pictures = 1; pictures <= layout->batch; pictures *= 2) {
        variant *one = &model->variants[model->count++];
        one->pictures = pictures;
        if (prepare(model, one, layout, to) != 0) return -1;
    }
    return 0;
}

lb_model *lb_model_open(
    const char *libraries, const void *graph, size_t graph_size, const lb_model_layout *layout, char *message,
    size_t message_capacity) {
    report to = {message, message_capacity};
    if (layout->height < 1 || layout->width < 1 || layout->height > 4096 || layout->width > 4096) {
        lb_refuse(to, "The model's input size is out of range.");
        return NULL;
    }
    if (layout->batch < 1 || layout->batch > 1 << (most_variants - 1)) {
        lb_refuse(to, "The number of pictures in one run is out of range.");
        return NULL;
    }
    lb_model *model = calloc(1, sizeof *model);
    if (!model) {
        lb_refuse(to, "There is not enough memory for the model.");
        return NULL;
    }
    if (lb_open_library(&model->ov, libraries, to) != 0) {
        free(model);
        return NULL;
    }
    if (compile(model, graph, graph_size, layout, to) != 0) {
        lb_model_close(model);
        return NULL;
    }
    return model;
}

int lb_model_infer(
    lb_model *model, const float *pixels, size_t count, int32_t pictures, char *message, size_t message_capacity) {
    report to = {message, message_capacity};
    int32_t index = 0;
    while (index < model->count && model->variants[index].pictures != pictures) index++;
    if (index == model->count) return lb_refuse(to, "The model was not prepared for %d pictures at once.", pictures);
    const variant *one = &model->variants[index];
    if (count != model->pixel_count * (size_t)pictures) {
        return lb_refuse(to, "The picture has not the size of the model's input.");
    }
    memcpy(one->pixels, pixels, count * sizeof *pixels);
    int status = model->ov.ov_infer_request_infer(one->request);
    if (status != ov_ok) return lb_refuse_status(&model->ov, to, "The model gave an error", status);

    int64_t heads = 0;
    model->logit_values = lb_values_of(&model->ov, one->logits, pictures, 2, &heads, "scores", to);
    if (!model->logit_values) return -1;
    model->logit_count = (size_t)heads;
    model->activation_values =
        lb_values_of(&model->ov, one->activation, pictures, 4, model->activation_shape, "activations", to);
    return model->activation_values ? 0 : -1;
}

const float *lb_model_logits(const lb_model *model, int32_t picture, size_t *count) {
    *count = model->logit_count;
    return model->logit_values + model->logit_count * (size_t)picture;
}

const float *lb_model_activation(const lb_model *model, int32_t picture, int64_t shape[3]) {
    memcpy(shape, model->activation_shape, sizeof model->activation_shape);
    return model->activation_values + (size_t)(shape[0] * shape[1] * shape[2]) * (size_t)picture;
}

const char *lb_model_library_version(const lb_model *model) { return model->version; }

void lb_model_close(lb_model *model) {
    if (!model) return;
    openvino *ov = &model->ov;
    for (int32_t index = 0; index < model->count; index++) {
        variant *one = &model->variants[index];
        if (one->activation) ov->ov_tensor_free(one->activation);
        if (one->logits) ov->ov_tensor_free(one->logits);
        if (one->input) ov->ov_tensor_free(one->input);
        if (one->request) ov->ov_infer_request_free(one->request);
        if (one->compiled) ov->ov_compiled_model_free(one->compiled);
    }
    if (model->graph) ov->ov_model_free(model->graph);
    if (model->core) ov->ov_core_free(model->core);
    // The library stays: OpenVINO's threads and exit handlers may still run code in it.
    free(model);
}
