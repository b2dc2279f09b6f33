#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Compressions of one DICOM frame that a library decodes.
typedef enum {
    /// JPEG with 8, 12 or 16 bits, lossy or lossless (ITU-T T.81), by DCMTK.
    LBFrameCodingJPEG,
    /// JPEG-LS (ITU-T T.87), by DCMTK and CharLS.
    LBFrameCodingJPEGLS,
    /// A JPEG 2000 code stream without file boxes (ITU-T T.800), by OpenJPEG.
    LBFrameCodingJPEG2000,
} LBFrameCoding;

/// What the caller expects of a frame, and has checked against the header of the code stream.
typedef struct {
    LBFrameCoding coding;
    /// The DICOM transfer syntax; unused for JPEG 2000.
    const char *transferSyntax;
    int32_t columns;
    int32_t rows;
    /// 1...16.
    int32_t bitsPerSample;
} LBFrame;

/// Registers the decoders, loads the data dictionary, silences DCMTK's log. To be called once, before anything else
/// here; reads files.
bool lb_dicom_prepare(void);

/// Decodes one grey frame to `columns * rows` values of 16 bits: bit patterns, not yet masked or sign-extended as the
/// data set says. Returns false where the frame is damaged, or not what the caller expects.
bool lb_dicom_decode_frame(const LBFrame *frame, const uint8_t *bytes, size_t count, uint16_t *out);

/// Inflates a raw deflate stream (RFC 1951), as a deflated DICOM data set is, to at most `limit` bytes. Returns NULL
/// where it is damaged, ends early or is longer. The result is released with `lb_dicom_free`.
uint8_t *lb_dicom_inflate(const uint8_t *bytes, size_t count, size_t limit, size_t *inflated);

/// The value representation of a standard element in DCMTK's dictionary, two ASCII letters as a big-endian number; 1 where
/// it depends on other elements, 0 where the element is unknown.
uint16_t lb_dicom_vr(uint32_t tag);

void lb_dicom_free(uint8_t *bytes);

#ifdef __cplusplus
}
#endif
