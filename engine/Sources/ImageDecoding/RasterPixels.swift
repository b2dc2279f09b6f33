internal import CPicture
internal import Domain

/// The grey values of a PNG, JPEG, WebP or TIFF picture, decoded strip by strip so that only the result is in memory.
struct RasterPixels {
    private(set) var grey: [Float]
    private(set) var colourfulness: Double

    init(_ format: PictureFormat, _ file: ByteView, _ header: RasterHeader, frame: Int) throws(PictureFault) {
        var info = LBRasterInfo()
        var unsupported = false
        guard
            let raster = lb_raster_open(
                format.rasterFormat, file.bytes.baseAddress, file.count, Int32(frame), &info, &unsupported)
        else {
            guard unsupported else { throw .damaged }
            throw PictureFault(
                .unsupportedFormat,
                "The pixels of this picture are stored in a way that is not read here. Please save it as 8-bit PNG.")
        }
        defer { lb_raster_close(raster) }
        guard Int(info.width) == header.width, Int(info.height) == header.height else { throw .damaged }

        let row = header.width * Int(info.samples)
        let rowBytes = row * Int(info.bytesPerSample)
        let rowsAtOnce = min(header.height, max(16, (1 << 20) / rowBytes))
        let strip = UnsafeMutableRawBufferPointer.allocate(byteCount: rowsAtOnce * rowBytes, alignment: 16)
        defer { strip.deallocate() }
        let conversion = GreyConversion(info)
        var spread = 0.0
        var isComplete = true
        let width = header.width
        let height = header.height
        grey = [Float](unsafeUninitializedCapacity: width * height) { out, count in
            var top = 0
            while top < height {
                let rows = min(rowsAtOnce, height - top)
                guard lb_raster_read(raster, Int32(top), Int32(rows), strip.baseAddress) else {
                    isComplete = false
                    return
                }
                let target = UnsafeMutableBufferPointer(rebasing: out[top * width..<(top + rows) * width])
                spread += conversion.convert(UnsafeRawBufferPointer(strip), pixels: rows * width, to: target)
                top += rows
            }
            count = width * height
        }
        guard isComplete else { throw .damaged }
        colourfulness = spread / Double(width * height)
        if header.orientation != 1 {
            grey = oriented(grey, width: width, height: height, orientation: header.orientation)
        }
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

/// Stored samples to grey: Rec. 601 luma (ITU-R BT.601-7) of the values as stored, without gamma or colour profile;
/// alpha is flattened on black, four inks become RGB by multiplication.
struct GreyConversion {
    let samples: Int
    let wide: Bool
    let colour: LBRasterColour
    let hasAlpha: Bool

    init(_ info: LBRasterInfo) {
        samples = Int(info.samples)
        wide = info.bytesPerSample == 2
        colour = info.colour
        hasAlpha = info.hasAlpha
    }

    /// - Returns: the sum over the pixels of the largest minus the smallest channel, each 0...1.
    func convert(_ strip: UnsafeRawBufferPointer, pixels: Int, to out: UnsafeMutableBufferPointer<Float>) -> Double {
        if wide {
            return convert(strip.bindMemory(to: UInt16.self), scale: 255 / 65535, pixels: pixels, to: out)
        }
        return convert(strip.bindMemory(to: UInt8.self), scale: 1, pixels: pixels, to: out)
    }

    @inline(__always)
    private func convert<Sample: FixedWidthInteger & UnsignedInteger>(
        _ strip: UnsafeBufferPointer<Sample>, scale: Float, pixels: Int, to out: UnsafeMutableBufferPointer<Float>
    ) -> Double {
        precondition(strip.count >= pixels * samples && out.count >= pixels)
        let full = Float(Sample.max)
        var spread = 0.0
        switch (colour, hasAlpha) {
        case (LBRasterColourGrey, false):
            for pixel in 0..<pixels { out[pixel] = Float(strip[pixel]) * scale }
        case (LBRasterColourGrey, true):
            for pixel in 0..<pixels {
                out[pixel] = Float(strip[2 * pixel]) * scale * (Float(strip[2 * pixel + 1]) / full)
            }
        case (LBRasterColourCMYK, _):
            for pixel in 0..<pixels {
                let at = pixel * samples
                let black = 1 - Float(strip[at + 3]) / full
                let alpha = hasAlpha ? Float(strip[at + 4]) / full : 1
                let paper = black * alpha * scale
                let red = (full - Float(strip[at])) * paper
                let green = (full - Float(strip[at + 1])) * paper
                let blue = (full - Float(strip[at + 2])) * paper
                out[pixel] = 0.299 * red + 0.587 * green + 0.114 * blue
                spread += Double(max(red, green, blue) - min(red, green, blue))
            }
            spread /= 255
        default:
            var total: UInt64 = 0
            for pixel in 0..<pixels {
                let at = pixel * samples
                let red = strip[at]
                let green = strip[at + 1]
                let blue = strip[at + 2]
                var grey = (0.299 * Float(red) + 0.587 * Float(green) + 0.114 * Float(blue)) * scale
                var difference = UInt64(max(red, max(green, blue)) - min(red, min(green, blue)))
                if hasAlpha {
                    let alpha = strip[at + 3]
                    grey *= Float(alpha) / full
                    difference = difference * UInt64(alpha) / UInt64(Sample.max)
                }
                out[pixel] = grey
                total += difference
            }
            spread = Double(total) / Double(full)
        }
        return spread
    }
}

/// Turns and mirrors stored pixels as an EXIF orientation says.
///
/// Source: EXIF 2.32, section 4.6.4, tag Orientation.
func oriented(_ stored: [Float], width: Int, height: Int, orientation: Int) -> [Float] {
    let swaps = orientation >= 5
    let columns = swaps ? height : width
    let rows = swaps ? width : height
    // Where the first shown pixel is stored, and the way from it one column and one row on.
    let (first, column, row): (Int, Int, Int) =
        switch orientation {
        case 2: (width - 1, -1, width)
        case 3: (width * height - 1, -1, -width)
        case 4: (width * (height - 1), 1, -width)
        case 5: (0, width, 1)
        case 6: (width * (height - 1), -width, 1)
        case 7: (width * height - 1, -width, -1)
        case 8: (width - 1, width, -1)
        default: (0, 1, width)
        }
    return stored.withUnsafeBufferPointer { source in
        [Float](unsafeUninitializedCapacity: stored.count) { out, count in
            for y in 0..<rows {
                for x in 0..<columns { out[y * columns + x] = source[first + y * row + x * column] }
            }
            count = columns * rows
        }
    }
}
