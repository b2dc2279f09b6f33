internal import CPicture

/// Stored samples to grey: Rec. 601 luma (ITU-R BT.601-7) of the values as stored, without gamma or colour profile;
/// alpha is flattened on black, four inks become RGB by multiplication.
struct GreyConversion {
    let samples: Int
    let wide: Bool
    let colour: LBRasterColour
    let hasAlpha: Bool
    /// What each value of a channel of 8 bits adds to the grey: red, green, blue.
    private let shares: [Float]

    init(_ info: LBRasterInfo) {
        samples = Int(info.samples)
        wide = info.bytesPerSample == 2
        colour = info.colour
        hasAlpha = info.hasAlpha
        shares = [Float(0.299), 0.587, 0.114].flatMap { weight in (0..<256).map { weight * Float($0) } }
    }

    /// - Parameters:
    ///   - row: `pixels` times ``samples`` samples.
    ///   - full: what white becomes.
    func convert(_ row: UnsafeRawPointer, pixels: Int, full: Float = 255, to out: UnsafeMutablePointer<Float>) {
        if wide {
            convert(row.assumingMemoryBound(to: UInt16.self), scale: full / 65535, pixels: pixels, to: out)
        } else if colour == LBRasterColourRGB, !hasAlpha, full == 255 {
            convert(row.assumingMemoryBound(to: UInt8.self), pixels: pixels, to: out)
        } else {
            convert(row.assumingMemoryBound(to: UInt8.self), scale: full / 255, pixels: pixels, to: out)
        }
    }

    /// The usual colours, by table.
    private func convert(_ row: UnsafePointer<UInt8>, pixels: Int, to out: UnsafeMutablePointer<Float>) {
        shares.withUnsafeBufferPointer { shares in
            guard let red = shares.baseAddress else { return }
            let green = red + 256
            let blue = red + 512
            var at = row
            for pixel in 0..<pixels {
                out[pixel] = red[Int(at[0])] + green[Int(at[1])] + blue[Int(at[2])]
                at += 3
            }
        }
    }

    @inline(__always)
    private func convert<Sample: FixedWidthInteger & UnsignedInteger>(
        _ row: UnsafePointer<Sample>, scale: Float, pixels: Int, to out: UnsafeMutablePointer<Float>
    ) {
        let full = Float(Sample.max)
        switch (colour, hasAlpha) {
        case (LBRasterColourGrey, false):
            for pixel in 0..<pixels { out[pixel] = Float(row[pixel]) * scale }
        case (LBRasterColourYCbCr, _):
            for pixel in 0..<pixels { out[pixel] = Float(row[3 * pixel]) * scale }
        case (LBRasterColourGrey, true):
            for pixel in 0..<pixels {
                out[pixel] = Float(row[2 * pixel]) * scale * (Float(row[2 * pixel + 1]) / full)
            }
        case (LBRasterColourCMYK, _):
            for pixel in 0..<pixels {
                let (red, green, blue) = Self.light(row + pixel * samples, hasAlpha: hasAlpha)
                out[pixel] = (0.299 * red + 0.587 * green + 0.114 * blue) * scale
            }
        default:
            for pixel in 0..<pixels {
                let at = row + pixel * samples
                let grey = (0.299 * Float(at[0]) + 0.587 * Float(at[1]) + 0.114 * Float(at[2])) * scale
                out[pixel] = hasAlpha ? grey * (Float(at[3]) / full) : grey
            }
        }
    }

    /// - Returns: the sum over the pixels of the largest minus the smallest channel, each 0...1.
    func spread(_ row: UnsafeRawPointer, pixels: Int) -> Double {
        if wide { return summedSpread(row.assumingMemoryBound(to: UInt16.self), pixels: pixels) }
        return summedSpread(row.assumingMemoryBound(to: UInt8.self), pixels: pixels)
    }

    @inline(__always)
    private func summedSpread<Sample: FixedWidthInteger & UnsignedInteger>(
        _ row: UnsafePointer<Sample>, pixels: Int
    ) -> Double {
        let full = Double(Sample.max)
        switch colour {
        case LBRasterColourGrey: return 0
        case LBRasterColourYCbCr:
            var total: Float = 0
            for pixel in 0..<pixels {
                let blueness = Float(row[3 * pixel + 1]) - 128
                let redness = Float(row[3 * pixel + 2]) - 128
                // From the grey to each channel, by JFIF 1.02.
                let red = 1.402 * redness
                let green = -0.344136 * blueness - 0.714136 * redness
                let blue = 1.772 * blueness
                total += max(red, max(green, blue)) - min(red, min(green, blue))
            }
            return Double(total) / full
        case LBRasterColourCMYK:
            var total = 0.0
            for pixel in 0..<pixels {
                let (red, green, blue) = Self.light(row + pixel * samples, hasAlpha: hasAlpha)
                total += Double(max(red, green, blue) - min(red, green, blue))
            }
            return total / full
        default:
            var total: UInt64 = 0
            for pixel in 0..<pixels {
                let at = row + pixel * samples
                let (red, green, blue) = (at[0], at[1], at[2])
                let difference = UInt64(max(red, max(green, blue)) - min(red, min(green, blue)))
                total += hasAlpha ? difference * UInt64(at[3]) / UInt64(Sample.max) : difference
            }
            return Double(total) / full
        }
    }

    /// What four inks leave of white light, in the units of the samples.
    @inline(__always)
    private static func light<Sample: FixedWidthInteger & UnsignedInteger>(
        _ inks: UnsafePointer<Sample>, hasAlpha: Bool
    ) -> (red: Float, green: Float, blue: Float) {
        let full = Float(Sample.max)
        let paper = (1 - Float(inks[3]) / full) * (hasAlpha ? Float(inks[4]) / full : 1)
        return ((full - Float(inks[0])) * paper, (full - Float(inks[1])) * paper, (full - Float(inks[2])) * paper)
    }
}
