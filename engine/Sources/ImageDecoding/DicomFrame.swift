internal import CDicom
import DicomElements
internal import Domain

/// The cells of one frame, as they are stored: not yet masked, extended or rendered.
enum DicomFrame {
    /// Single bits, the lowest of a byte first; the number of cells.
    case bits(ByteView, Int)
    case bytes(ByteView)
    /// In the given order, in place in the file.
    case words(ByteView, ByteOrder)
    case longs(ByteView, ByteOrder)
    case decoded([UInt16])

    var isBits: Bool {
        if case .bits = self { true } else { false }
    }

    init(_ image: DicomImage, frame: Int) throws(PictureFault) {
        guard let bytes = image.pixelBytes else { throw .damaged }
        let samples = image.rows * image.columns
        switch image.file.syntax {
        case .native, .deflated:
            self = try .native(bytes, image, samples: samples, frame: frame)
        case .runLength:
            guard let fragments = DicomFragments(bytes) else { throw .damaged }
            self = try fragments.withFrame(frame, of: image.frames) { data throws(PictureFault) in
                try .runLength(data, image, samples: samples)
            }
        case .coded(let coding):
            guard let fragments = DicomFragments(bytes) else { throw .damaged }
            self = try fragments.withFrame(frame, of: image.frames) { data throws(PictureFault) in
                try .coded(data, coding, image, samples: samples)
            }
        }
    }

    private static func native(
        _ bytes: ByteView, _ image: DicomImage, samples: Int, frame: Int
    ) throws(PictureFault) -> DicomFrame {
        let order = image.file.dataSet.encoding.order
        let bits = image.format.bitsAllocated
        if bits == 1 {
            // Frames of single bits follow each other without padding (PS3.5 section 8.1.1); whole bytes are usual.
            guard samples * frame % 8 == 0, let view = bytes.view(at: samples * frame / 8, length: (samples + 7) / 8)
            else { throw .damaged }
            return .bits(view, samples)
        }
        let length = samples * bits / 8
        guard let view = bytes.view(at: length * frame, length: length) else { throw .damaged }
        switch bits {
        case 8:
            // In big endian, bytes of VR OW come in swapped pairs (PS3.5 section 8.1.2, CP-1066).
            guard order == .big, image.pixels.vr == 0x4F57 else { return .bytes(view) }
            let swapped = (0..<samples).map { index in
                UInt16(bytes.uint8(length * frame + index ^ 1) ?? 0)
            }
            return .decoded(swapped)
        case 16: return .words(view, order)
        default: return .longs(view, order)
        }
    }

    private static func runLength(
        _ data: ByteView, _ image: DicomImage, samples: Int
    ) throws(PictureFault) -> DicomFrame {
        let segments = image.format.bitsAllocated / 8
        guard segments == 1 || segments == 2 else {
            throw PictureFault(
                .unsupportedTransferSyntax, "Run-length coded pixels of this DICOM file have an unusual depth.")
        }
        guard let cells = runLengthDecoded(data, segments: segments, samples: samples) else { throw .damaged }
        return .decoded(cells)
    }

    private static func coded(
        _ data: ByteView, _ coding: LBFrameCoding, _ image: DicomImage, samples: Int
    ) throws(PictureFault) -> DicomFrame {
        let header: CodeStreamHeader? =
            coding == LBFrameCodingJPEG2000 ? .jpeg2000(data) : .jpeg(data, isLS: coding == LBFrameCodingJPEGLS)
        guard let header, header.width == image.columns, header.height == image.rows, (1...16).contains(header.bits)
        else { throw .damaged }
        guard header.components == 1 else {
            throw PictureFault(
                .colourNotSupported, "The pixels of this DICOM picture are in colour. Please upload the grey original.")
        }
        var isComplete = false
        let cells = [UInt16](unsafeUninitializedCapacity: samples) { out, count in
            guard let stream = data.view(from: header.start),
                let start = stream.bytes.assumingMemoryBound(to: UInt8.self).baseAddress
            else { return }
            isComplete = image.file.syntaxUID.withCString { syntax in
                var frame = LBFrame(
                    coding: coding, transferSyntax: syntax, columns: Int32(image.columns), rows: Int32(image.rows),
                    bitsPerSample: Int32(header.bits))
                return lb_dicom_decode_frame(&frame, start, stream.count, out.baseAddress)
            }
            count = isComplete ? samples : 0
        }
        guard isComplete else { throw .damaged }
        return .decoded(cells)
    }
}

/// What a code stream declares about itself.
struct CodeStreamHeader {
    var width: Int
    var height: Int
    var bits: Int
    var components: Int
    /// Where the code stream begins.
    var start = 0

    static func jpeg(_ data: ByteView, isLS: Bool) -> CodeStreamHeader? {
        guard let frame = JpegFrame(data), (frame.marker == 0xF7) == isLS else { return nil }
        return CodeStreamHeader(
            width: frame.width, height: frame.height, bits: frame.precision, components: frame.components)
    }

    /// Source: ITU-T T.800, annex A.5.1 (SIZ marker segment).
    static func jpeg2000(_ data: ByteView) -> CodeStreamHeader? {
        // Some writers wrongly keep the boxes of a JP2 file in front of the code stream.
        let marker: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51]
        guard let start = (0..<1024).first(where: { data.has(marker, at: $0) }), start == 0 || data.has([0, 0, 0, 12]),
            let right = data.uint32(start + 8, .big), let bottom = data.uint32(start + 12, .big),
            let left = data.uint32(start + 16, .big), let top = data.uint32(start + 20, .big),
            let components = data.uint16(start + 40, .big), let depth = data.uint8(start + 42), left < right,
            top < bottom
        else { return nil }
        return CodeStreamHeader(
            width: Int(right - left), height: Int(bottom - top), bits: Int(depth & 0x7F) + 1,
            components: Int(components), start: start)
    }
}
