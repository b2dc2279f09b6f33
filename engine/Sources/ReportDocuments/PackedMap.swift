/// A heat map as it stands in a PDF: two pictures of one byte a pixel, filtered and compressed.
struct PackedMap: Sendable {
    /// Pixels in each direction, 100 to 150 an inch as it is printed.
    static let size = 400

    /// Indexes into the palette.
    let strengths: [UInt8]
    /// How much each pixel hides of the picture under it.
    let opacities: [UInt8]

    init(_ grid: ReportDocument.HeatGrid) {
        let pixels = grid.strengths(size: Self.size)
        strengths = Self.compressed(pixels)
        opacities = Self.compressed(
            ReportDocument.HeatGrid.opacities.withUnsafeBufferPointer { table in pixels.map { table[Int($0)] } })
    }

    /// Each row as the difference to the one above (PNG's filter 2), which a smooth picture has little of.
    private static func compressed(_ pixels: [UInt8]) -> [UInt8] {
        let columns = size
        let rows = pixels.count / columns
        let filtered = [UInt8](unsafeUninitializedCapacity: pixels.count + rows) { buffer, count in
            pixels.withUnsafeBufferPointer { pixels in
                for row in 0..<rows {
                    let from = pixels.baseAddress! + row * columns
                    let to = buffer.baseAddress! + row * (columns + 1)
                    to[0] = 2
                    for column in 0..<columns {
                        to[1 + column] = row == 0 ? from[column] : from[column] &- from[column - columns]
                    }
                }
            }
            count = pixels.count + rows
        }
        return Deflate.compressed(filtered, level: 1)
    }
}
