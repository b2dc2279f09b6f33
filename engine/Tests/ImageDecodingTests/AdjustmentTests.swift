import Domain
import Foundation
import ImageDecoding
import Testing

/// A picture in which every pixel is different, and what a turn by hand makes of it.
private struct Grid: Equatable {
    var width: Int
    var height: Int
    var values: [UInt8]

    subscript(x: Int, y: Int) -> UInt8 { values[y * width + x] }

    init(width: Int, height: Int, _ value: (Int, Int) -> UInt8) {
        self.width = width
        self.height = height
        values = (0..<height).flatMap { y in (0..<width).map { x in value(x, y) } }
    }

    /// A quarter clockwise: what was the left column, read upwards, becomes the top row.
    var turned: Grid { Grid(width: height, height: width) { x, y in self[y, height - 1 - x] } }
    var mirrored: Grid { Grid(width: width, height: height) { x, y in self[width - 1 - x, y] } }
    var inverted: Grid { Grid(width: width, height: height) { x, y in 255 - self[x, y] } }

    func adjusted(_ adjustment: PictureAdjustment) -> Grid {
        var grid = self
        for _ in 0..<adjustment.turn / 90 { grid = grid.turned }
        if adjustment.mirror { grid = grid.mirrored }
        return adjustment.invert ? grid.inverted : grid
    }
}

@Suite struct AdjustmentTests {
    static let all: [PictureAdjustment] = PictureAdjustment.turns.flatMap { turn in
        [false, true].flatMap { mirror in
            [false, true].compactMap { PictureAdjustment(turn: turn, mirror: mirror, invert: $0) }
        }
    }

    private static let grid = Grid(width: 12, height: 8) { x, y in UInt8(x * 20 + y * 3) }

    /// An input of a model with the size that the adjusted picture has, so that it is the picture itself.
    static func input(
        _ width: Int, _ height: Int, fit: ModelManifest.Input.Resize.Fit = .stretch
    ) throws -> ModelManifest.Input {
        let text = """
            {"name": "x", "width": \(width), "height": \(height), "channels": 1, "range": [0, 255],
             "polarity": "boneWhite", "grey": "rec601", "resize": {"method": "triangle", "fit": "\(fit.rawValue)"}}
            """
        return try JSONDecoder().decode(ModelManifest.Input.self, from: Data(text.utf8))
    }

    @Test("Turning, mirroring and inverting, in this order, for every EXIF orientation", arguments: all, 1...8)
    func adjusted(_ adjustment: PictureAdjustment, _ orientation: Int) throws {
        var writer = PngWriter(width: Self.grid.width, height: Self.grid.height, depth: 8, colour: 0)
        writer.extra = PngWriter.chunk("eXIf", exif(orientation: orientation))
        let file = writer.write { [Int(Self.grid[$0, $1])] }
        let plain = try PictureDecoder.tiny.decode(file)
        let shown = Grid(width: plain.width, height: plain.height) { x, y in UInt8(plain.grey[y * plain.width + x]) }
        let wanted = shown.adjusted(adjustment)

        let input = try Self.input(wanted.width, wanted.height)
        let picture = try file.withUnsafeBytes {
            try PictureDecoder.tiny.read(
                $0, PictureOrder(adjustment: adjustment, previewEdges: [100], input: input, measures: true))
        }
        #expect(picture.width == wanted.width && picture.height == wanted.height)
        #expect(picture.inspection == plain.inspection)
        #expect(picture.input.map { UInt8($0.rounded()) } == wanted.values)
        let measured = try #require(picture.measurements)
        #expect(measured.width == wanted.width && measured.height == wanted.height)
        let mean = wanted.values.reduce(0) { $0 + Double($1) } / Double(wanted.values.count) / 255
        #expect(abs(measured.mean - mean) < 1e-6)
        let preview = try PictureDecoder.tiny.inspect(try #require(picture.previews.first).jpeg)
        #expect(preview.width == wanted.width && preview.height == wanted.height)
    }

    @Test("A model that crops sees the middle of the adjusted picture", arguments: all)
    func crop(_ adjustment: PictureAdjustment) throws {
        let file = PngWriter(width: 12, height: 8, depth: 8, colour: 0).write { [Int(Self.grid[$0, $1])] }
        let wanted = Self.grid.adjusted(adjustment)
        let picture = try file.withUnsafeBytes {
            try PictureDecoder.tiny.read($0, PictureOrder(adjustment: adjustment, input: Self.input(8, 8, fit: .crop)))
        }
        let (left, top) = ((wanted.width - 8) / 2, (wanted.height - 8) / 2)
        let middle = (0..<64).map { wanted[left + $0 % 8, top + $0 / 8] }
        #expect(picture.input.map { UInt8($0.rounded()) } == middle)
    }

    @Test("Padding stays black in an inverted picture")
    func pad() throws {
        let file = PngWriter(width: 8, height: 4, depth: 8, colour: 0).write { _, _ in [55] }
        let picture = try file.withUnsafeBytes { bytes in
            let adjustment = PictureAdjustment(invert: true)
            return try PictureDecoder.tiny.read(
                bytes, PictureOrder(adjustment: adjustment, input: Self.input(4, 4, fit: .pad)))
        }
        #expect((0..<4).map { picture.input[$0 * 4] } == [0, 200, 200, 0])
    }

    @Test("Several previews come out of one reading, none larger than the picture")
    func previews() throws {
        let file = PngWriter(width: 200, height: 100, depth: 8, colour: 0).write { x, _ in [x] }
        let picture = try file.withUnsafeBytes {
            try PictureDecoder.tiny.read($0, PictureOrder(previewEdges: [20, 100, 1000]))
        }
        #expect(picture.previews.map(\.edge) == [20, 100, 1000])
        let sizes = try picture.previews.map { try PictureDecoder.tiny.inspect($0.jpeg) }.map { [$0.width, $0.height] }
        #expect(sizes == [[20, 10], [100, 50], [200, 100]])
        #expect(picture.measurements == nil && picture.input.isEmpty)
    }

    @Test("Streamed rows give the preview and the measures of the whole picture", arguments: DicomCodingTests.cases)
    func sameAsWhole(_ case: DicomCodingTests.Case) throws {
        let whole = try PictureDecoder.tiny.decode(`case`.bytes)
        let picture = try `case`.bytes.withUnsafeBytes {
            try PictureDecoder.tiny.read($0, PictureOrder(previewEdges: [8], measures: true))
        }
        #expect(picture.measurements == whole.measurements())
        #expect(try picture.previews.first?.jpeg == PictureDecoder.tiny.preview(whole, longestEdge: 8))
    }
}
