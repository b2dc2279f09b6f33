#define _GNU_SOURCE
#include "CTextReading.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <tesseract/capi.h>

struct LBText {
    TessBaseAPI *api;
};

// Tesseract and Leptonica remark on what they see on standard error, which is a log here.
static ssize_t discard(void *cookie, const char *bytes, size_t count) {
    (void)cookie;
    (void)bytes;
    return (ssize_t)count;
}

static FILE *silence(void) {
    static FILE *nowhere;
    if (!nowhere) {
        nowhere = fopencookie(NULL, "w", (cookie_io_functions_t){.write = discard});
        if (nowhere) setvbuf(nowhere, NULL, _IONBF, 0);
    }
    FILE *before = stderr;
    if (nowhere) stderr = nowhere;
    return before;
}

// Its loops ask OpenMP for four threads by number. With no level of parallelism allowed each runs on the thread that is
// there. OMP_THREAD_LIMIT would have to be in the environment before the program starts.
static void stay_on_this_thread(void) {
    void (*set_levels)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_max_active_levels");
    if (set_levels) set_levels(0);
}

LBText *lb_text_open(const char *folder) {
    stay_on_this_thread();
    FILE *before = silence();
    LBText *text = calloc(1, sizeof *text);
    if (text) text->api = TessBaseAPICreate();
    if (text && (!text->api || TessBaseAPIInit2(text->api, folder, "eng", OEM_LSTM_ONLY) != 0)) {
        lb_text_close(text);
        text = NULL;
    }
    stderr = before;
    return text;
}

bool lb_text_read(LBText *text, const uint8_t *grey, int width, int height, bool isOneLetter,
                  void (*receive)(void *context, const LBWord *word), void *context) {
    FILE *before = silence();
    TessBaseAPISetPageSegMode(text->api, isOneLetter ? PSM_SINGLE_CHAR : PSM_SPARSE_TEXT);
    TessBaseAPISetImage(text->api, grey, width, height, 1, width);
    TessBaseAPISetSourceResolution(text->api, 150);
    const bool isDone = TessBaseAPIRecognize(text->api, NULL) == 0;
    TessResultIterator *words = isDone ? TessBaseAPIGetIterator(text->api) : NULL;
    if (words) {
        do {
            char *letters = TessResultIteratorGetUTF8Text(words, RIL_WORD);
            LBWord word = {.text = letters, .confidence = TessResultIteratorConfidence(words, RIL_WORD)};
            const TessPageIterator *place = TessResultIteratorGetPageIteratorConst(words);
            word.beginsLine = TessPageIteratorIsAtBeginningOf(place, RIL_TEXTLINE);
            if (letters && TessPageIteratorBoundingBox(place, RIL_WORD, &word.left, &word.top, &word.right, &word.bottom))
                receive(context, &word);
            if (letters) TessDeleteText(letters);
        } while (TessResultIteratorNext(words, RIL_WORD));
        TessResultIteratorDelete(words);
    }
    // Also the picture and what was recognised: nobody's name stays in memory.
    TessBaseAPIClear(text->api);
    TessBaseAPIClearAdaptiveClassifier(text->api);
    stderr = before;
    return isDone;
}

void lb_text_close(LBText *text) {
    if (!text) return;
    if (text->api) TessBaseAPIDelete(text->api);
    free(text);
}
