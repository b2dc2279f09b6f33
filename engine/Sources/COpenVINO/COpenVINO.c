#include "COpenVINO.h"
#include "OpenVINO.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

    ov_dimension_t dimensions[4] = {
        {1, 1}, {1, 1}, {layout->height, layout->height}, {layout->width, layout->width}};
    ov_partial_shape_t shape = {{4, 4}, dimensions};
    status = ov->ov_model_reshape_input_by_name(model->graph, layout->input, shape);
    if (status != ov_ok) return lb_refuse_status(ov, to, "The model does not take the declared input", status);

    if (lb_compile(ov, model->core, model->graph, layout->threads, &model->compiled, to) != 0) return -1;
    status = ov->ov_compiled_model_create_infer_request(model->compiled, &model->request);
    if (status != ov_ok) return lb_refuse_status(ov, to, "The model cannot be prepared", status);

    void *pixels = NULL;
    int type = -1;
    if ((status = ov->ov_infer_request_get_tensor(model->request, layout->input, &model->input)) != ov_ok ||
        (status = ov->ov_tensor_get_element_type(model->input, &type)) != ov_ok ||
        (status = ov->ov_tensor_data(model->input, &pixels)) != ov_ok) {
        return lb_refuse_status(ov, to, "The model's input cannot be reached", status);
    }
    if (type != ov_f32) return lb_refuse(to, "The model's input has not the type float32.");
    model->pixels = pixels;
    model->pixel_count = (size_t)layout->height * (size_t)layout->width;
    if ((status = ov->ov_infer_request_get_tensor(model->request, layout->logits, &model->logits)) != ov_ok) {
        return lb_refuse_status(ov, to, "The model has not the declared output for scores", status);
    }
    if ((status = ov->ov_infer_request_get_tensor(model->request, layout->activation, &model->activation)) != ov_ok) {
        return lb_refuse_status(ov, to, "The model has not the declared output for activations", status);
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

int lb_model_infer(lb_model *model, const float *pixels, size_t count, char *message, size_t message_capacity) {
    report to = {message, message_capacity};
    if (count != model->pixel_count) return lb_refuse(to, "The picture has not the size of the model's input.");
    memcpy(model->pixels, pixels, count * sizeof *pixels);
    int status = model->ov.ov_infer_request_infer(model->request);
    if (status != ov_ok) return lb_refuse_status(&model->ov, to, "The model gave an error", status);

    int64_t heads = 0;
    model->logit_values = lb_values_of(&model->ov, model->logits, 2, &heads, "scores", to);
    if (!model->logit_values) return -1;
    model->logit_count = (size_t)heads;
    model->activation_values =
        lb_values_of(&model->ov, model->activation, 4, model->activation_shape, "activations", to);
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
