#include "CDicom.h"

#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include <zlib.h>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpls/djdecode.h"
#include "dcmtk/oflog/oflog.h"

#include "Jpeg2000.h"

bool lb_dicom_prepare(void) {
    try {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
        // Loaded now if it is there: every element that is made here names its VR and needs no dictionary.
        (void)dcmDataDict.isDictionaryLoaded();
        return true;
    } catch (...) {
        return false;
    }
}

/// Puts the frame alone into a data set of our own making, so that DCMTK parses nothing of the file but the code stream.
static bool decode_by_dcmtk(const LBFrame &frame, const uint8_t *bytes, size_t count, uint16_t *out) {
    if (count == 0 || count >= UINT32_MAX - 1) return false;
    const bool wide = frame.bitsPerSample > 8;
    const size_t samples = size_t(frame.columns) * size_t(frame.rows);
    const size_t size = samples * (wide ? 2 : 1);
    if (size >= UINT32_MAX - 1) return false;
    const E_TransferSyntax syntax = DcmXfer(frame.transferSyntax).getXfer();

    DcmDataset dataset;
    const auto put = [&](Uint16 element, int value) {
        return dataset.putAndInsertUint16(DcmTag(0x0028, element, EVR_US), Uint16(value)).good();
    };
    const bool described = put(0x0002, 1) && put(0x0010, frame.rows) && put(0x0011, frame.columns)
        && put(0x0100, wide ? 16 : 8) && put(0x0101, frame.bitsPerSample) && put(0x0102, frame.bitsPerSample - 1)
        && put(0x0103, 0)
        && dataset.putAndInsertString(DcmTag(0x0028, 0x0004, EVR_CS), "MONOCHROME2").good()
        && dataset.putAndInsertString(DcmTag(0x0028, 0x0008, EVR_IS), "1").good();
    if (!described) return false;

    auto sequence = std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelData, EVR_OB));
    auto offsets = std::make_unique<DcmPixelItem>(DcmTag(DCM_Item, EVR_OB));
    if (sequence->insert(offsets.get()).bad()) return false;
    offsets.release();
    auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_Item, EVR_OB));
    Uint8 *copy = nullptr;
    if (item->createUint8Array(Uint32(count + (count & 1)), copy).bad()) return false;
    std::memcpy(copy, bytes, count);
    if (count & 1) copy[count] = 0;
    if (sequence->insert(item.get()).bad()) return false;
    item.release();
    auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, EVR_OB));
    pixels->putOriginalRepresentation(syntax, nullptr, sequence.release());
    DcmPixelData *data = pixels.get();
    if (dataset.insert(pixels.get()).bad()) return false;
    pixels.release();

    std::vector<uint8_t> narrow;
    if (!wide) narrow.resize(size + (size & 1));
    Uint32 fragment = 1;
    OFString colours;
    void *target = wide ? static_cast<void *>(out) : narrow.data();
    const Uint32 room = Uint32(wide ? size : narrow.size());
    if (data->getUncompressedFrame(&dataset, 0, fragment, target, room, colours).bad()) return false;
    if (!wide) {
        for (size_t i = 0; i < samples; i++) out[i] = narrow[i];
    }
    return true;
}

bool lb_dicom_decode_frame(const LBFrame *frame, const uint8_t *bytes, size_t count, uint16_t *out) {
    try {
        if (frame->columns < 1 || frame->rows < 1 || frame->columns > 65535 || frame->rows > 65535) return false;
        if (frame->bitsPerSample < 1 || frame->bitsPerSample > 16) return false;
        if (frame->coding == LBFrameCodingJPEG2000) return lb::decode_jpeg2000(*frame, bytes, count, out);
        return decode_by_dcmtk(*frame, bytes, count, out);
    } catch (...) {
        return false;
    }
}

uint8_t *lb_dicom_inflate(const uint8_t *bytes, size_t count, size_t limit, size_t *inflated) {
    if (count > UINT_MAX) return nullptr;
    z_stream stream = {};
    if (inflateInit2(&stream, -15) != Z_OK) return nullptr;
    stream.next_in = const_cast<Bytef *>(bytes);
    stream.avail_in = uInt(count);
    uint8_t *out = nullptr;
    size_t room = 0, used = 0;
    int status = Z_OK;
    while (status == Z_OK && used < limit) {
        if (used == room) {
            room = room == 0 ? (limit < (1u << 20) ? limit : 1u << 20) : (room > limit / 2 ? limit : room * 2);
            uint8_t *larger = static_cast<uint8_t *>(std::realloc(out, room));
            if (!larger) break;
            out = larger;
        }
        const size_t step = room - used < (1u << 30) ? room - used : 1u << 30;
        stream.next_out = out + used;
        stream.avail_out = uInt(step);
        status = inflate(&stream, Z_NO_FLUSH);
        used += step - stream.avail_out;
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END) {
        std::free(out);
        return nullptr;
    }
    *inflated = used;
    return out;
}

void lb_dicom_free(uint8_t *bytes) {
    std::free(bytes);
}

uint16_t lb_dicom_vr(uint32_t tag) {
    const DcmTagKey key(Uint16(tag >> 16), Uint16(tag & 0xFFFF));
    const DcmDictEntry *entry = dcmDataDict.rdlock().findEntry(key, nullptr);
    const char *name = entry ? entry->getVR().getVRName() : "";
    const bool isOne = std::strlen(name) == 2 && name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'A' && name[1] <= 'Z';
    const uint16_t vr = isOne ? uint16_t(uint16_t(name[0]) << 8 | uint16_t(name[1])) : uint16_t(entry ? 1 : 0);
    dcmDataDict.rdunlock();
    return vr;
}
