public import Domain
internal import Foundation

/// What stands before the samples of a picture: how many there are and what they mean.
public struct SamplesHeader: Codable, Sendable, Equatable {
    /// Which samples are shown: from black at `center - width / 2` to white at `center + width / 2`, evenly.
    public struct Window: Codable, Sendable, Equatable {
        public var name: String
        public var center: Double
        public var width: Double
    }

    /// In pixels, as the picture is shown.
    public var width: Int
    public var height: Int
    /// Significant bits of a sample, 1...16.
    public var bitsPerSample: Int
    /// 1 or 2.
    public var bytesPerSample: Int
    /// The sample that is white; 0 is black.
    public var maximum: Int
    /// The file's own windows, the first of them is the one that it opens with.
    public var windows: [Window]

    /// A number of 32 bits, little endian, then as many bytes of JSON, padded with blanks to a multiple of four.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var json = Array(try encoder.encode(self))
        while json.count % 4 != 0 { json.append(0x20) }
        return (0..<4).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
    }
}

extension PictureDecoder {
    /// Reads a frame with all its bits and hands it on, compressed with gzip: a ``SamplesHeader``, then the samples row
    /// by row from the top left, little endian, in the order of display.
    ///
    /// An EXIF orientation, the modality transform as far as it changes the order, the polarity and a table of values
    /// of interest have been applied to the samples; windows have not.
    ///
    /// - Parameter deliver: takes a piece of at most one megabyte; false ends the reading.
    /// - Returns: false where `deliver` ended it.
    /// - Throws: every ``PictureFault/Code``; pieces may have been handed on before.
    public func samples(
        _ bytes: UnsafeRawBufferPointer, frame: Int = 0, deliver: @escaping ([UInt8]) -> Bool
    ) throws(PictureFault) -> Bool {
        try withFrame(bytes, frame: frame) { frame throws(PictureFault) in
            let rows = try SampleRows(frame)
            do {
                let pieces = try GzipPieces(deliver)
                let header = try rows.header.encoded()
                try header.withUnsafeBytes { try pieces.write($0) }
                try rows.write(to: pieces)
                try pieces.finish()
                return true
            } catch let fault as PictureFault {
                throw fault
            } catch {
                return false
            }
        }
    }
}

/// The rows of a frame as samples of one or two bytes.
private struct SampleRows {
    let header: SamplesHeader
    private let frame: FrameRows
    private let source: Source

    private enum Source {
        case raster(RasterRows)
        case dicom(DicomCellMap<UInt16>)
    }

    init(_ frame: FrameRows) throws(PictureFault) {
        self.frame = frame
        let shown = frame.orientation.size(frame.width, frame.height)
        var bits: Int
        var maximum: Int
        var windows: [SamplesHeader.Window] = []
        switch frame.source {
        case .raster(let format, let file, let header, let page):
            let rows = try RasterRows(format, file, header, frame: page, shrink: 1, wantsColour: false)
            source = .raster(rows)
            bits = rows.conversion.wide ? 16 : 8
            maximum = rows.conversion.wide ? 65535 : 255
        case .dicom(let image, let number):
            let (cells, rendering) = try image.decoded(frame: number)
            let count = image.rows * image.columns
            let scale = DicomSampleScale(rendering, cells, count: count)
            source = .dicom(
                DicomCellMap(cells, count: count) { cell in
                    scale.sample(cells.isBits ? Int(cell) : rendering.format.value(cell))
                })
            maximum = scale.maximum
            bits = max(1, Int.bitWidth - maximum.leadingZeroBitCount)
            windows = scale.windows
        }
        header = SamplesHeader(
            width: shown.width, height: shown.height, bitsPerSample: bits, bytesPerSample: maximum > 255 ? 2 : 1,
            maximum: maximum, windows: windows)
    }

    /// Row by row where the picture is shown as it is stored; otherwise it has to be whole before it can be turned.
    func write(to pieces: GzipPieces) throws {
        if header.bytesPerSample == 1 {
            try write(to: pieces, as: UInt8.self)
        } else {
            try write(to: pieces, as: UInt16.self)
        }
    }

    private func write<Sample: FixedWidthInteger>(to pieces: GzipPieces, as: Sample.Type) throws {
        let isWhole = !frame.orientation.isIdentity
        var whole: [Sample] = []
        if isWhole { whole.reserveCapacity(frame.width * frame.height) }
        try forEachStrip(of: Sample.self) { samples in
            if isWhole {
                whole += samples
            } else {
                try pieces.write(UnsafeRawBufferPointer(samples))
            }
        }
        if isWhole {
            whole = frame.orientation.shown(whole, width: frame.width, height: frame.height)
            try whole.withUnsafeBytes { try pieces.write($0) }
        }
    }

    private func forEachStrip<Sample: FixedWidthInteger>(
        of: Sample.Type, _ body: (UnsafeBufferPointer<Sample>) throws -> Void
    ) throws {
        let width = frame.width
        let room = RasterRows.atOnce * width
        let samples = UnsafeMutablePointer<Sample>.allocate(capacity: room)
        defer { samples.deallocate() }
        switch source {
        case .raster(let rows):
            let grey = UnsafeMutablePointer<Float>.allocate(capacity: width)
            defer { grey.deallocate() }
            var failure: (any Error)?
            try frame.forEach(rows) { row, place in
                rows.conversion.convert(row, pixels: width, full: Float(header.maximum), to: grey)
                for x in 0..<width { samples[place * width + x] = Sample(grey[x].rounded()) }
            } then: { strip in
                do { try body(UnsafeBufferPointer(start: samples, count: strip.count * width)) } catch {
                    failure = error
                }
                return failure == nil
            }
            if let failure { throw failure }
        case .dicom(let cells):
            let wide = UnsafeMutablePointer<UInt16>.allocate(capacity: room)
            defer { wide.deallocate() }
            for top in stride(from: 0, to: frame.height, by: RasterRows.atOnce) {
                let count = min(RasterRows.atOnce, frame.height - top) * width
                cells.fill(from: top * width, count: count, wide)
                for place in 0..<count { samples[place] = Sample(truncatingIfNeeded: wide[place]) }
                try body(UnsafeBufferPointer(start: samples, count: count))
                frame.relieveAt(row: top + RasterRows.atOnce)
            }
        }
    }
}
