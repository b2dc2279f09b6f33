public import Domain

/// Reads pictures of unknown origin: JPEG, PNG, WebP, TIFF and DICOM, told apart by content.
///
/// The steps are the same everywhere: signature, header, declared size against the limits, and only then pixels. Runs
/// in the sandboxed worker; no method opens a file or starts a thread once ``prepareProcess()`` has returned.
public struct PictureDecoder: Sendable {
    public let limits: PictureLimits
    /// Called now and then while rows are read: the bytes that were lent are not needed in memory at that moment.
    let relieve: (@Sendable () -> Void)?

    public init(limits: PictureLimits, relieve: (@Sendable () -> Void)? = nil) {
        self.limits = limits
        self.relieve = relieve
    }

    /// Starts the libraries and loads what they would otherwise load on first use. To be called before the process
    /// enters its sandbox; further calls do nothing.
    /// - Returns: false where a library cannot start; then no picture can be read.
    @discardableResult
    public static func prepareProcess() -> Bool {
        Libraries.started
    }

    /// Reads the header only; no memory for pixels is allocated.
    /// - Throws: every ``PictureFault/Code``.
    public func inspect(_ bytes: UnsafeRawBufferPointer) throws(PictureFault) -> PictureInspection {
        switch try content(bytes) {
        case .raster(let format, let file):
            return try header(format, file, frame: 0).inspection(format)
        case .dicom(let file):
            defer { withExtendedLifetime(file.inflated) {} }
            return try DicomImage(file, limits: limits).inspection
        }
    }

    /// Opens a frame, counted from 0, and lends it to `body`; pixels are decoded there.
    func withFrame<Result>(
        _ bytes: UnsafeRawBufferPointer, frame: Int, _ body: (FrameRows) throws(PictureFault) -> Result
    ) throws(PictureFault) -> Result {
        guard Self.prepareProcess() else {
            throw PictureFault(.unsupportedFormat, "The picture libraries of this installation cannot start.")
        }
        switch try content(bytes) {
        case .raster(let format, let file):
            let header = try header(format, file, frame: frame)
            guard frame >= 0, frame < header.frames else { throw .noFrame(frame, of: header.frames) }
            return try body(
                FrameRows(
                    source: .raster(format, file, header, page: frame), inspection: header.inspection(format),
                    orientation: PictureOrientation(exif: header.orientation), width: header.width,
                    height: header.height, relieve: relieve))
        case .dicom(let file):
            defer { withExtendedLifetime(file.inflated) {} }
            let image = try DicomImage(file, limits: limits)
            return try body(
                FrameRows(
                    source: .dicom(image, frame: frame), inspection: image.inspection,
                    orientation: PictureOrientation(exif: 1), width: image.columns, height: image.rows,
                    relieve: relieve))
        }
    }

    private enum Opened {
        case raster(PictureFormat, ByteView)
        case dicom(DicomFile)
    }

    private func content(_ bytes: UnsafeRawBufferPointer) throws(PictureFault) -> Opened {
        let file = ByteView(bytes)
        guard file.count > 0 else { throw PictureFault(.emptyFile, "The file is empty. Please choose another one.") }
        guard file.count <= limits.maxBytes else {
            throw PictureFault(
                .pictureTooLarge, "The file is larger than \(limits.maxBytes >> 20) MB, the most that is read here.")
        }
        let content = PictureContent.of(file)
        switch content {
        case .raster(let format): return .raster(format, file)
        case .dicom: return .dicom(try DicomFile(file, inflatedLimit: max(limits.maxBytes, 1 << 20)))
        case .recognised, .other, .unknown: throw PictureFault(.unsupportedFormat, content.unsupportedMessage)
        }
    }

    private func header(_ format: PictureFormat, _ file: ByteView, frame: Int) throws(PictureFault) -> RasterHeader {
        let header = try RasterHeader.read(format, file, frame: max(0, frame))
        try limits.check(width: header.width, height: header.height)
        if let what = header.unsupported {
            throw PictureFault(
                .unsupportedFormat, "This is \(what). Please save it as PNG, as 8-bit TIFF or as ordinary JPEG.")
        }
        guard header.isComplete else { throw .damaged }
        return header
    }
}

extension RasterHeader {
    fileprivate func inspection(_ format: PictureFormat) -> PictureInspection {
        PictureInspection(
            format: format, width: swapsEdges ? height : width, height: swapsEdges ? width : height,
            bitsPerSample: bitsPerSample, channels: channels, frames: frames)
    }
}

extension PictureLimits {
    /// Refuses a declared size outside the limits.
    func check(width: Int, height: Int) throws(PictureFault) {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        if overflow || pixels > maxPixels || max(width, height) > maxEdge {
            throw PictureFault(
                .pictureTooLarge,
                "The picture is \(width) × \(height) pixels. At most \(maxPixels / 1_000_000) million pixels and "
                    + "\(maxEdge) along one edge are read here. Please export it smaller.")
        }
        if min(width, height) < minEdge {
            throw PictureFault(
                .pictureTooSmall,
                "The picture is \(width) × \(height) pixels; the shorter edge must have at least \(minEdge). "
                    + "Please upload the original, not a thumbnail.")
        }
    }
}
