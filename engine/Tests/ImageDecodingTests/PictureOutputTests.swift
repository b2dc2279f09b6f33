import Domain
import Foundation
import ImageDecoding
import Testing

@Suite struct PictureOutputTests {
    static func picture(_ width: Int, _ height: Int, _ grey: (Int, Int) -> Float) -> DecodedPicture {
        DecodedPicture(
            inspection: PictureInspection(
                format: .png, width: width, height: height, bitsPerSample: 8, channels: 1, frames: 1),
            grey: (0..<height).flatMap { y in (0..<width).map { x in grey(x, y) } }, colourfulness: 0)
    }

    @Test("A preview is a JPEG of the picture, shrunk to the longest edge")
    func preview() throws {
        let large = Self.picture(400, 300) { x, _ in Float(x) * 255 / 399 }
        let bytes = try PictureDecoder.tiny.preview(large, longestEdge: 100)
        let small = try PictureDecoder.tiny.decode(bytes)
        #expect(small.inspection.format == .jpeg && small.inspection.channels == 1)
        #expect(small.width == 100 && small.height == 75)
        #expect(abs(small.grey[37 * 100 + 50] - 128) < 4)
        #expect(small.grey[37 * 100] < 6 && small.grey[37 * 100 + 99] > 249)
    }

    @Test("A preview is never larger than the picture, and a sliver keeps one pixel")
    func previewSizes() throws {
        let small = try PictureDecoder.tiny.preview(Self.picture(30, 20) { _, _ in 9 }, longestEdge: 1000)
        let same = try PictureDecoder.tiny.inspect(small)
        #expect(same.width == 30 && same.height == 20)
        let sliver = try PictureDecoder.tiny.preview(Self.picture(1000, 2) { _, _ in 9 }, longestEdge: 100)
        let thin = try PictureDecoder.tiny.inspect(sliver)
        #expect(thin.width == 100 && thin.height == 1)
    }

    @Test("A higher quality is nearer to the picture and larger")
    func quality() throws {
        let noise = Self.picture(64, 64) { x, y in Float((x * 7919 + y * 104729) % 256) }
        let low = try PictureDecoder.tiny.preview(noise, longestEdge: 64, quality: 20)
        let high = try PictureDecoder.tiny.preview(noise, longestEdge: 64, quality: 95)
        #expect(high.count > low.count * 2)
    }

    @Test("Measurements say how bright, how contrasted and how clipped a picture is")
    func measurements() {
        let ramp = Self.picture(256, 10) { x, _ in Float(x) }.measurements()
        #expect(ramp.width == 256 && ramp.height == 10)
        #expect(abs(ramp.mean - 0.5) < 0.001)
        #expect(abs(ramp.contrast - 0.9) < 0.01)
        #expect(abs(ramp.clippedLow - 1.0 / 256) < 0.0001 && abs(ramp.clippedHigh - 1.0 / 256) < 0.0001)
        let flat = Self.picture(10, 10) { _, _ in 100 }.measurements()
        #expect(flat.contrast == 0 && flat.clippedLow == 0 && flat.clippedHigh == 0)
        let black = Self.picture(10, 10) { _, _ in 0 }.measurements()
        #expect(black.mean == 0 && black.clippedLow == 1)
        let white = Self.picture(10, 10) { _, _ in 255 }.measurements()
        #expect(abs(white.mean - 1) < 0.0001 && white.clippedHigh == 1 && white.contrast == 0)
    }

    static func activation(_ columns: Int, _ rows: Int, _ value: (Int, Int) -> Float) -> HeadActivation {
        HeadActivation(
            headID: "effusion", columns: columns, rows: rows,
            values: (0..<rows).flatMap { y in (0..<columns).map { x in value(x, y) } })
    }

    @Test("A heat map has the shape of the picture and is a PNG of transparent colours")
    func heatMapShape() throws {
        let bytes = try HeatMap.png(Self.activation(5, 5) { x, _ in Float(x) }, pictureWidth: 2000, pictureHeight: 3000)
        let inspection = try PictureDecoder.tiny.inspect(bytes)
        #expect(inspection.format == .png && inspection.width == 256 && inspection.height == 384)
        #expect(bytes[25] == 3 && bytes.contains("tRNS".utf8))
    }

    @Test("A heat map is dense where the influence is strong and empty where it is weak or against the finding")
    func heatMapPlace() throws {
        let map = Self.activation(5, 5) { x, y in x == 1 && y == 3 ? 4 : -1 }
        let bytes = try HeatMap.png(map, pictureWidth: 100, pictureHeight: 100, longestEdge: 100)
        // Flattened on black by the decoder: what is transparent is black.
        let shown = try PictureDecoder.tiny.decode(bytes)
        let peak = shown.grey[70 * 100 + 30]
        #expect(peak > 100 && peak < 0.61 * 255)
        #expect(shown.grey[10 * 100 + 90] == 0 && shown.grey[0] == 0)
        #expect(shown.grey.max() == peak || (shown.grey.max() ?? 0) - peak < 2)
    }

    @Test("Without influence towards the finding nothing is drawn", arguments: [Float(0), -3, .nan, -.infinity])
    func heatMapEmpty(_ value: Float) throws {
        let bytes = try HeatMap.png(Self.activation(3, 3) { _, _ in value }, pictureWidth: 50, pictureHeight: 40)
        #expect(try PictureDecoder.tiny.decode(bytes).grey.allSatisfy { $0 == 0 })
    }

    @Test("An activation whose size does not fit its values is refused")
    func heatMapMismatch() {
        let map = HeadActivation(headID: "x", columns: 3, rows: 3, values: [1, 2])
        #expect(throws: PictureFault.self) { try HeatMap.png(map, pictureWidth: 10, pictureHeight: 10) }
    }

    @Test("No thread is left or started by decoding")
    func threads() throws {
        PictureDecoder.prepareProcess()
        func names() -> [String] {
            let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
            return tasks.compactMap { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
        }
        for (_, bytes) in DamageTests.pictures { _ = try PictureDecoder.tiny.decode(bytes) }
        // GLib names the threads of libvips; the test runner's own are not told apart from others.
        #expect(!names().contains { $0.hasPrefix("worker") || $0.hasPrefix("vips") || $0.hasPrefix("wbuffer") })
    }
}
