#pragma once

#include "CDicom.h"

namespace lb {

/// As `lb_dicom_decode_frame`, for JPEG 2000.
bool decode_jpeg2000(const LBFrame &frame, const uint8_t *bytes, size_t count, uint16_t *out);

}  // namespace lb
