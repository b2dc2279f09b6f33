internal import CPicture
internal import Domain

/// The samples of a PNG, JPEG, WebP or TIFF picture, some rows at a time.
final class RasterRows {
    /// As stored, shrunk by ``shrink``.
    let width: Int
    let height: Int
    let conversion: GreyConversion
    private let raster: OpaquePointer

    /// Rows that are asked for at once: enough to lie in the processor's cache, and a multiple of what libraries decode.
    static let atOnce = 16

    /// - Parameters:
    ///   - shrink: 1, 2, 4 or 8 for JPEG, otherwise 1.
    ///   - wantsColour: whether anybody asks how coloured the picture is.
    init(
        _ format: PictureFormat, _ file: ByteView, _ header: RasterHeader, frame: Int, shrink: Int, wantsColour: Bool
    ) throws(PictureFault) {
        var info = LBRasterInfo()
        var unsupported = false
        guard
            let raster = lb_raster_open(
                format.rasterFormat, file.bytes.baseAddress, file.count, Int32(frame), Int32(shrink), wantsColour,
                &info, &unsupported)
        else {
            guard unsupported else { throw .damaged }
            throw PictureFault(
                .unsupportedFormat,
                "The pixels of this picture are stored in a way that is not read here. Please save it as 8-bit PNG.")
        }
        self.raster = raster
        width = Int(info.width)
        height = Int(info.height)
        conversion = GreyConversion(info)
        guard width == (header.width + shrink - 1) / shrink, height == (header.height + shrink - 1) / shrink else {
            throw .damaged
        }
    }

    deinit {
        lb_raster_close(raster)
    }

    /// Decodes the rows from `top` on, at most ``atOnce`` of them. They are lent until the next call.
    func strip(from top: Int) throws(PictureFault) -> (start: UnsafeRawPointer, stride: Int, count: Int) {
        let count = min(Self.atOnce, height - top)
        var stride = 0
        guard let start = lb_raster_rows(raster, Int32(top), Int32(count), &stride) else { throw .damaged }
        return (start, stride, count)
    }
}

extension PictureFormat {
    fileprivate var rasterFormat: LBRasterFormat {
        switch self {
        case .png: LBRasterFormatPNG
        case .jpeg: LBRasterFormatJPEG
        case .webp: LBRasterFormatWebP
        case .tiff, .dicom: LBRasterFormatTIFF
        }
    }
}
