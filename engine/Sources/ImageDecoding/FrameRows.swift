internal import Domain

/// One frame of an opened picture, whose rows have not been decoded yet. Only valid while the file's bytes are lent.
struct FrameRows {
    enum Source {
        case raster(PictureFormat, ByteView, RasterHeader, page: Int)
        case dicom(DicomImage, frame: Int)
    }

    let source: Source
    let inspection: PictureInspection
    /// How it is to be shown, before anything that a person asks for.
    let orientation: PictureOrientation
    /// As stored, in pixels.
    let width: Int
    let height: Int
    /// Called when a few megabytes of rows have been read.
    let relieve: (@Sendable () -> Void)?

    /// Decoded samples after which ``relieve`` is called.
    private static let relieveEvery = 4 << 20

    /// Whether it can be shrunk while it is decoded.
    var shrinks: Bool {
        if case .raster(.jpeg, _, _, _) = source { true } else { false }
    }

    /// The stored size where it is shrunk while it is decoded: rounded up, as libjpeg does.
    func size(shrunkBy shrink: Int) -> (width: Int, height: Int) {
        ((width + shrink - 1) / shrink, (height + shrink - 1) / shrink)
    }

    /// Decodes the frame to its end and shows its rows, some at a time, to all readers.
    /// - Parameters:
    ///   - shrink: 1, or 2, 4 or 8 for one that ``shrinks``.
    ///   - invert: whether black and white are swapped.
    ///   - measuresColour: whether the result is wanted.
    /// - Returns: mean difference between the largest and the smallest colour channel, 0...1; 0 where it isn't wanted.
    func forEachRow(
        shrink: Int, invert: Bool, measuresColour: Bool, readers: [any GreyRowsReader]
    ) throws(PictureFault) -> Double {
        let width = size(shrunkBy: shrink).width
        let grey = UnsafeMutablePointer<Float>.allocate(capacity: RasterRows.atOnce * width)
        defer { grey.deallocate() }
        func show(_ rows: Range<Int>) {
            if invert {
                for place in 0..<rows.count * width { grey[place] = 255 - grey[place] }
            }
            let shown = GreyRows(top: rows.lowerBound, count: rows.count, width: width, grey: grey)
            for reader in readers { reader.read(shown) }
        }
        switch source {
        case .raster(let format, let file, let header, let page):
            let rows = try RasterRows(format, file, header, frame: page, shrink: shrink, wantsColour: measuresColour)
            var spread = 0.0
            try forEach(rows) { row, place in
                rows.conversion.convert(row, pixels: width, to: grey + place * width)
                if measuresColour { spread += rows.conversion.spread(row, pixels: width) }
            } then: {
                show($0)
                return true
            }
            return spread / Double(rows.width * rows.height)
        case .dicom(let image, let frame):
            let cells = try image.grey(frame: frame)
            var top = 0
            while top < height {
                let count = min(RasterRows.atOnce, height - top)
                cells.fill(from: top * width, count: count * width, grey)
                show(top..<top + count)
                top += count
                relieveAt(row: top)
            }
            return 0
        }
    }

    /// Lends each row of a raster picture to `body`, with its place among those that are read at once, and calls `then`
    /// when these are done; false there ends it.
    func forEach(
        _ rows: RasterRows, _ body: (_ row: UnsafeRawPointer, _ place: Int) -> Void, then: (_ rows: Range<Int>) -> Bool
    ) throws(PictureFault) {
        var top = 0
        while top < rows.height {
            let strip = try rows.strip(from: top)
            for place in 0..<strip.count { body(strip.start + place * strip.stride, place) }
            guard then(top..<top + strip.count) else { return }
            top += strip.count
            relieveAt(row: top)
        }
    }

    /// Calls ``relieve`` where the rows up to this one have passed another few megabytes.
    func relieveAt(row: Int) {
        guard let relieve else { return }
        let before = max(0, row - RasterRows.atOnce) * width / Self.relieveEvery
        if row * width / Self.relieveEvery != before { relieve() }
    }
}

extension FrameRows {
    /// The whole frame, after it was shrunk while it was decoded.
    func whole(shrunkBy shrink: Int) -> PicturePart {
        let size = size(shrunkBy: shrink)
        return PicturePart(
            width: size.width, height: size.height,
            missing: (
                Double(size.width) - Double(width) / Double(shrink),
                Double(size.height) - Double(height) / Double(shrink)
            ))
    }

    /// Where a part of the shown frame lies in the stored one, after that was shrunk.
    func stored(_ part: PicturePart, _ orientation: PictureOrientation, shrunkBy shrink: Int) -> PicturePart {
        let whole = whole(shrunkBy: shrink)
        let lying =
            orientation.swaps
            ? PicturePart(left: part.top, top: part.left, width: part.height, height: part.width) : part
        if lying.width == width, lying.height == height { return whole }
        let left = orientation.mirrorsColumns ? width - lying.left - lying.width : lying.left
        let top = orientation.mirrorsRows ? height - lying.top - lying.height : lying.top
        let columns = max(1, lying.width / shrink)
        let rows = max(1, lying.height / shrink)
        return PicturePart(
            left: min(left / shrink, whole.width - columns), top: min(top / shrink, whole.height - rows),
            width: columns, height: rows)
    }
}
