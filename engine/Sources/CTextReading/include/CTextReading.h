#pragma once

#include <stdbool.h>
#include <stdint.h>

/// A recogniser of letters: Tesseract with its English network.
typedef struct LBText LBText;

/// A word that was recognised, in pixels from the top left.
typedef struct {
    /// UTF-8; lives until the call that receives it ends.
    const char *text;
    /// 0...100.
    float confidence;
    int left, top, right, bottom;
    /// Whether it is the first word of its line.
    bool beginsLine;
} LBWord;

/// Loads `eng.traineddata` from `folder` (NULL: where Tesseract was built to look). Opens files; after the first
/// recognition none is opened and at no time is a thread started. NULL where the data is missing.
LBText *lb_text_open(const char *folder);

/// Recognises dark letters on a light ground in 8-bit grey pixels without gaps, and calls `receive` for each word in
/// reading order: words scattered anywhere, or one letter that fills the picture. Returns false where the recognition did not come to its end.
bool lb_text_read(LBText *text, const uint8_t *grey, int width, int height, bool isOneLetter,
                  void (*receive)(void *context, const LBWord *word), void *context);

void lb_text_close(LBText *text);
