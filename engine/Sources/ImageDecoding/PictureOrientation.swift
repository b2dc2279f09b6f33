internal import Domain

/// One of the eight ways in which the rows and columns of a picture can lie, told by where a shown pixel is stored.
struct PictureOrientation: Equatable, Sendable {
    /// Shown rows are stored columns.
    var swaps: Bool
    /// Stored columns, and stored rows, run against the shown ones.
    var mirrorsColumns: Bool
    var mirrorsRows: Bool

    /// Source: EXIF 2.32, section 4.6.4, tag Orientation; numbers outside 1...8 are taken for 1.
    init(exif: Int) {
        swaps = (5...8).contains(exif)
        mirrorsColumns = [2, 3, 7, 8].contains(exif)
        mirrorsRows = [3, 4, 6, 7].contains(exif)
    }

    private init(swaps: Bool, mirrorsColumns: Bool, mirrorsRows: Bool) {
        self.swaps = swaps
        self.mirrorsColumns = mirrorsColumns
        self.mirrorsRows = mirrorsRows
    }

    /// The orientation after what is shown by this one is changed once more.
    func adjusted(by adjustment: PictureAdjustment) -> PictureOrientation {
        let turned =
            switch adjustment.turn {
            case 90: followed(by: PictureOrientation(exif: 6))
            case 180: followed(by: PictureOrientation(exif: 3))
            case 270: followed(by: PictureOrientation(exif: 8))
            default: self
            }
        return adjustment.mirror ? turned.followed(by: PictureOrientation(exif: 2)) : turned
    }

    private func followed(by next: PictureOrientation) -> PictureOrientation {
        PictureOrientation(
            swaps: swaps != next.swaps,
            mirrorsColumns: mirrorsColumns != (swaps ? next.mirrorsRows : next.mirrorsColumns),
            mirrorsRows: mirrorsRows != (swaps ? next.mirrorsColumns : next.mirrorsRows))
    }

    /// The shown size of a stored one, and the other way round.
    func size(_ width: Int, _ height: Int) -> (width: Int, height: Int) {
        swaps ? (height, width) : (width, height)
    }

    /// Whether every pixel is shown where it is stored.
    var isIdentity: Bool { !swaps && !mirrorsColumns && !mirrorsRows }

    /// The stored pixels of `width` times `height` as they are shown.
    func shown<Pixel>(_ stored: [Pixel], width: Int, height: Int) -> [Pixel] {
        if isIdentity { return stored }
        let shown = size(width, height)
        // Where the first shown pixel is stored, and the way from it one shown column and one shown row on.
        let first = (mirrorsRows ? (height - 1) * width : 0) + (mirrorsColumns ? width - 1 : 0)
        let along = mirrorsColumns ? -1 : 1
        let down = mirrorsRows ? -width : width
        let (column, row) = swaps ? (down, along) : (along, down)
        return stored.withUnsafeBufferPointer { source in
            [Pixel](unsafeUninitializedCapacity: stored.count) { out, count in
                for y in 0..<shown.height {
                    for x in 0..<shown.width { out[y * shown.width + x] = source[first + y * row + x * column] }
                }
                count = shown.width * shown.height
            }
        }
    }
}
