#include "COpenVINO.h"
#include "OpenVINO.h"

#include <stdlib.h>
#include <string.h>

enum { most_lengths = 8, longest = 512, inputs_count = 3 };

/// The network, compiled for one number of tokens.
typedef struct {
    int64_t length;
    ov_compiled_model_t *compiled;
    ov_infer_request_t *request;
    ov_tensor_t *inputs[inputs_count];
    int64_t *input_values[inputs_count];
    ov_tensor_t *output;
} variant;

struct lb_encoder {
    openvino ov;
    ov_core_t *core;
    ov_model_t *graph;
    variant variants[most_lengths];
    int32_t count;
    const float *values;
    size_t rows;
    size_t width;
};

static int prepare(lb_encoder *encoder, variant *one, const lb_encoder_layout *layout, report to) {
    const openvino *ov = &encoder->ov;
    const char *names[inputs_count] = {layout->ids, layout->mask, layout->types};
    ov_dimension_t dimensions[2] = {{1, 1}, {one->length, one->length}};
    const ov_partial_shape_t shape = {{2, 2}, dimensions};
    // All at once: between two lengths the inputs would not fit each other.
    const ov_partial_shape_t shapes[inputs_count] = {shape, shape, shape};
    int status = ov->ov_model_reshape(encoder->graph, names, shapes, inputs_count);
    if (status != ov_ok) {
        return lb_refuse_status(ov, to, "The sentence model does not take the declared inputs", status);
    }
    if (lb_compile(ov, encoder->core, encoder->graph, layout->threads, &one->compiled, to) != 0) return -1;
    status = ov->ov_compiled_model_create_infer_request(one->compiled, &one->request);
    if (status != ov_ok) return lb_refuse_status(ov, to, "The sentence model cannot be prepared", status);
    for (int index = 0; index < inputs_count; index++) {
        void *values = NULL;
        int type = -1;
        if ((status = ov->ov_infer_request_get_tensor(one->request, names[index], &one->inputs[index])) != ov_ok ||
            (status = ov->ov_tensor_get_element_type(one->inputs[index], &type)) != ov_ok ||
            (status = ov->ov_tensor_data(one->inputs[index], &values)) != ov_ok) {
            return lb_refuse_status(ov, to, "An input of the sentence model cannot be reached", status);
        }
        if (type != ov_i64) return lb_refuse(to, "The sentence model's input %s has not the type int64.", names[index]);
        one->input_values[index] = values;
    }
    status = ov->ov_infer_request_get_tensor(one->request, layout->output, &one->output);
    if (status != ov_ok) return lb_refuse_status(ov, to, "The sentence model has not the declared output", status);
    return 0;
}

static int start(
    lb_encoder *encoder, const void *graph, size_t graph_size, const lb_encoder_layout *layout, report to) {
    const openvino *ov = &encoder->ov;
    int status = ov->ov_core_create(&encoder->core);
    if (status != ov_ok) return lb_refuse_status(ov, to, "OpenVINO cannot start", status);
    // From memory: what was hashed is what is run.
    status = ov->ov_core_read_model_from_memory_buffer(encoder->core, graph, graph_size, NULL, &encoder->graph);
    if (status != ov_ok) return lb_refuse_status(ov, to, "The sentence model cannot be read", status);
    for (int32_t index = 0; index < layout->length_count; index++) {
        encoder->variants[index].length = layout->lengths[index];
        encoder->count = index + 1;
        if (prepare(encoder, &encoder->variants[index], layout, to) != 0) return -1;
    }
    return 0;
}

lb_encoder *lb_encoder_open(
    const char *libraries, const void *graph, size_t graph_size, const lb_encoder_layout *layout, char *message,
    size_t message_capacity) {
    report to = {message, message_capacity};
    int fits = layout->length_count >= 1 && layout->length_count <= most_lengths;
    for (int32_t index = 0; fits && index < layout->length_count; index++) {
        int64_t previous = index == 0 ? 0 : layout->lengths[index - 1];
        fits = layout->lengths[index] > previous && layout->lengths[index] <= longest;
    }
    if (!fits) {
        lb_refuse(to, "The sentence model's lengths are out of range or not in order.");
        return NULL;
    }
    lb_encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) {
        lb_refuse(to, "There is not enough memory for the sentence model.");
        return NULL;
    }
    if (lb_open_library(&encoder->ov, libraries, to) != 0) {
        free(encoder);
        return NULL;
    }
    if (start(encoder, graph, graph_size, layout, to) != 0) {
        lb_encoder_close(encoder);
        return NULL;
    }
    return encoder;
}

int lb_encoder_run(lb_encoder *encoder, const int64_t *ids, size_t count, char *message, size_t message_capacity) {
    report to = {message, message_capacity};
    encoder->values = NULL;
    int32_t index = 0;
    while (index < encoder->count && (size_t)encoder->variants[index].length < count) index++;
    if (count == 0 || index == encoder->count) return lb_refuse(to, "The text has too many tokens, or none.");
    variant *one = &encoder->variants[index];
    for (int64_t place = 0; place < one->length; place++) {
        int is_token = (size_t)place < count;
        one->input_values[0][place] = is_token ? ids[place] : 0;
        one->input_values[1][place] = is_token;
        one->input_values[2][place] = 0;
    }
    int status = encoder->ov.ov_infer_request_infer(one->request);
    if (status != ov_ok) return lb_refuse_status(&encoder->ov, to, "The sentence model gave an error", status);
    int64_t sizes[2] = {0, 0};
    const float *values = lb_values_of(&encoder->ov, one->output, 1, 3, sizes, "words", to);
    if (!values) return -1;
    if (sizes[0] != one->length) return lb_refuse(to, "The sentence model's output has another length than its input.");
    encoder->values = values;
    encoder->rows = count;
    encoder->width = (size_t)sizes[1];
    return 0;
}

const float *lb_encoder_values(const lb_encoder *encoder, size_t *rows, size_t *width) {
    *rows = encoder->rows;
    *width = encoder->width;
    return encoder->values;
}

void lb_encoder_close(lb_encoder *encoder) {
    if (!encoder) return;
    const openvino *ov = &encoder->ov;
    for (int32_t index = 0; index < encoder->count; index++) {
        variant *one = &encoder->variants[index];
        if (one->output) ov->ov_tensor_free(one->output);
        for (int input = 0; input < inputs_count; input++) {
            if (one->inputs[input]) ov->ov_tensor_free(one->inputs[input]);
        }
        if (one->request) ov->ov_infer_request_free(one->request);
        if (one->compiled) ov->ov_compiled_model_free(one->compiled);
    }
    if (encoder->graph) ov->ov_model_free(encoder->graph);
    if (encoder->core) ov->ov_core_free(encoder->core);
    // The library stays: OpenVINO's threads and exit handlers may still run code in it.
    free(encoder);
}
