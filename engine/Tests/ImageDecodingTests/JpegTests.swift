import Domain
import Foundation
import ImageDecoding
import Testing

@Suite struct JpegTests {
    static let decoder = PictureDecoder(
        limits: PictureLimits(maxBytes: 1 << 24, maxPixels: 1 << 24, maxEdge: 4096, minEdge: 1))

    /// A smooth picture with some detail, as a JPEG of high quality.
    static func jpeg(width: Int, height: Int) throws -> (file: [UInt8], grey: [Float]) {
        let whole = PictureOutputTests.picture(width, height) { x, y in
            let (u, v) = (Float(x) / Float(width), Float(y) / Float(height))
            return 60 + 150 * u * (1 - v) + 15 * sin(Float(x) / 3) * sin(Float(y) / 4)
        }
        let file = try decoder.preview(whole, longestEdge: max(width, height), quality: 95)
        return (file, whole.grey)
    }

    @Test(
        "A JPEG that is shrunk while it is decoded gives nearly what the whole picture gives",
        arguments: [(400, 300), (401, 297), (640, 1024)])
    func shrunk(_ width: Int, _ height: Int) throws {
        let (file, _) = try Self.jpeg(width: width, height: height)
        let whole = try Self.decoder.decode(file)
        #expect(whole.width == width && whole.height == height)
        for edge in [20, 40, 90] {
            let picture = try file.withUnsafeBytes {
                try Self.decoder.read($0, PictureOrder(input: AdjustmentTests.input(edge, edge)))
            }
            let wanted = Resize.triangle(
                whole.grey, width: width, height: height, toWidth: edge, toHeight: edge, fit: .stretch)
            let differences = zip(picture.input, wanted).map { abs($0 - $1) }
            #expect((differences.max() ?? 255) < 4, "\(edge)")
            #expect(differences.reduce(0, +) / Float(edge * edge) < 0.5, "\(edge)")
        }
    }

    @Test("A preview that needs every pixel gets every pixel, whatever else is made beside it")
    func notShrunk() throws {
        let (file, _) = try Self.jpeg(width: 400, height: 300)
        let whole = try Self.decoder.decode(file)
        let picture = try file.withUnsafeBytes {
            try Self.decoder.read($0, PictureOrder(previewEdges: [400], input: AdjustmentTests.input(20, 20)))
        }
        #expect(try picture.previews.first?.jpeg == Self.decoder.preview(whole, longestEdge: 400))
    }

    @Test("Colours are measured where somebody asks for them, and the grey is the same where nobody does")
    func colours() throws {
        let whole = try PictureDecoder.tiny.decode(Fixture.jpegColour)
        // (200, 100, 50) everywhere; a JPEG keeps it to a step or two.
        #expect(abs(whole.colourfulness - 150.0 / 255) < 0.01)
        let input = try AdjustmentTests.input(whole.width, whole.height)
        let grey = try Fixture.jpegColour.withUnsafeBytes {
            try PictureDecoder.tiny.read($0, PictureOrder(input: input)).input
        }
        #expect(grey == whole.grey)
    }

    @Test("A shrunk JPEG that is cut off is damaged all the same", arguments: [0.5, 0.9, 0.99])
    func cut(_ share: Double) throws {
        let (file, _) = try Self.jpeg(width: 640, height: 480)
        let part = Array(file[..<Int(Double(file.count) * share)])
        let fault = #expect(throws: PictureFault.self) {
            try part.withUnsafeBytes { try Self.decoder.read($0, PictureOrder(previewEdges: [60])) }
        }
        #expect(fault?.code == .damagedPicture)
    }

    @Test("A file of very many scans is refused before they are all decoded")
    func scans() throws {
        let file = Fixture.jpegProgressive
        // The last scan again and again: each refines nothing and takes as long as the first.
        let starts = file.indices.dropLast().filter { file[$0] == 0xFF && file[$0 + 1] == 0xDA }
        let last = try #require(starts.last)
        let scan = Array(file[last..<(file.count - 2)])
        let many = Array(file[..<last]) + (0..<500).flatMap { _ in scan } + [0xFF, 0xD9]
        #expect(PictureDecoder.tiny.refusal(many) == .damagedPicture)
        #expect(PictureDecoder.tiny.refusal(file) == nil)
    }
}
