internal import Domain

/// The image in a DICOM file: what its pixels mean, checked against the limits and the bytes that are there.
///
/// Source: DICOM PS3.3, section C.7.6.3 (Image Pixel Module).
struct DicomImage {
    let file: DicomFile
    let rows: Int
    let columns: Int
    let frames: Int
    let format: DicomSampleFormat
    let pixels: DicomElement
    /// True where the smallest value is shown white.
    let isInverted: Bool

    private let limits: PictureLimits

    /// All frames together may have this many times the pixels that one may have.
    static let framesFactor = 16

    init(_ file: DicomFile, limits: PictureLimits) throws(PictureFault) {
        let dataSet = file.dataSet
        guard let pixels = dataSet.elements[DicomTags.pixelData] else { throw Self.noPixels(dataSet) }
        guard let rows = dataSet.uint16(DicomTags.rows), let columns = dataSet.uint16(DicomTags.columns) else {
            throw .damaged
        }
        self.file = file
        self.limits = limits
        self.pixels = pixels
        self.rows = Int(rows)
        self.columns = Int(columns)
        guard let photometric = dataSet.ascii(DicomTags.photometric) else { throw .damaged }
        guard photometric == "MONOCHROME1" || photometric == "MONOCHROME2" else {
            throw Self.colour("photometric interpretation \(DicomPhotometric.printable(photometric))")
        }
        let samples = dataSet.uint16(DicomTags.samplesPerPixel) ?? 1
        guard samples == 1 else { throw Self.colour("\(samples) samples in each pixel") }
        isInverted =
            photometric == "MONOCHROME1" || dataSet.ascii(DicomTags.presentationShape)?.uppercased() == "INVERSE"
        guard rows > 0, columns > 0, let format = DicomSampleFormat(dataSet),
            let frames = Int(exactly: dataSet.number(DicomTags.numberOfFrames) ?? 1)
        else { throw .damaged }
        self.format = format
        self.frames = max(1, frames)
        try limits.check(width: self.columns, height: self.rows)
        guard self.frames <= max(1, limits.maxPixels * Self.framesFactor / (self.rows * self.columns)) else {
            throw PictureFault(
                .pictureTooLarge,
                "This DICOM file has \(self.frames) frames of \(columns) × \(rows) pixels, more than is read here. "
                    + "Please upload a single picture.")
        }
        guard pixels.isDelimited == file.syntax.isEncapsulated else { throw .damaged }
        if !pixels.isDelimited, pixels.length < format.bytes(samples: self.rows * self.columns * self.frames) {
            throw .damaged
        }
    }

    private static func colour(_ what: String) -> PictureFault {
        PictureFault(
            .colourNotSupported,
            "This DICOM picture is in colour (\(what)). An X-ray is grey; please upload the original.")
    }

    private static func noPixels(_ dataSet: DicomDataSet) -> PictureFault {
        if dataSet.elements[DicomTags.floatPixelData] != nil || dataSet.elements[DicomTags.doublePixelData] != nil {
            return PictureFault(.noPixels, "This DICOM file holds measured values, not an X-ray picture.")
        }
        return PictureFault(
            .noPixels, "This DICOM file has no picture in it (it may be a report or a list). Please choose another one."
        )
    }

    var inspection: PictureInspection {
        PictureInspection(
            format: .dicom, width: columns, height: rows, bitsPerSample: min(16, format.bitsStored), channels: 1,
            frames: frames, dicom: DicomSummary(file))
    }

    /// The bytes of pixel data: of all frames, or of all fragments with their item headers.
    var pixelBytes: ByteView? {
        file.dataSet.view.view(at: pixels.start, length: pixels.length)
    }
}

/// The photometric interpretations of PS3.3 section C.7.6.3.1.2, for refusals: nothing else of a file is repeated.
enum DicomPhotometric {
    private static let known: Set<String> = [
        "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "HSV", "ARGB", "CMYK", "YBR_FULL", "YBR_FULL_422",
        "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT", "XYB",
    ]

    static func printable(_ name: String) -> String {
        known.contains(name) ? name : "that is not known"
    }
}

/// How one stored value lies in its cell.
///
/// Source: DICOM PS3.5, section 8.1.1.
struct DicomSampleFormat: Equatable {
    let bitsAllocated: Int
    let bitsStored: Int
    let highBit: Int
    let isSigned: Bool

    init?(_ dataSet: DicomDataSet) {
        guard let allocated = dataSet.uint16(DicomTags.bitsAllocated), [1, 8, 16, 32].contains(allocated) else {
            return nil
        }
        let stored = dataSet.uint16(DicomTags.bitsStored) ?? allocated
        let high = dataSet.uint16(DicomTags.highBit) ?? max(1, stored) - 1
        guard stored >= 1, stored <= allocated, high < allocated, high + 1 >= stored else { return nil }
        bitsAllocated = Int(allocated)
        bitsStored = Int(stored)
        highBit = Int(high)
        isSigned = dataSet.uint16(DicomTags.pixelRepresentation) == 1
    }

    func bytes(samples: Int) -> Int {
        (samples * bitsAllocated + 7) / 8
    }

    /// The stored value in a cell: other bits are masked away, two's complement is extended.
    @inline(__always)
    func value(_ cell: UInt32) -> Int {
        let bits = (cell >> UInt32(highBit + 1 - bitsStored)) & (UInt32.max >> UInt32(32 - bitsStored))
        guard isSigned, bits >> UInt32(bitsStored - 1) == 1 else { return Int(bits) }
        return Int(bits) - (1 << bitsStored)
    }
}
