import Domain
import Foundation
import ImageDecoding
import Testing

@testable import Inference

/// Grey pixels that are turned as a person would turn them.
private struct Film {
    var width: Int
    var height: Int
    var grey: [Float]

    init(golden name: String) throws {
        let bytes = [UInt8](try Data(contentsOf: Golden.folder.appending(path: name)))
        let picture = try bytes.withUnsafeBytes { try PictureDecoder(limits: .standard).decode($0) }
        (width, height, grey) = (picture.width, picture.height, picture.grey)
    }

    /// Turned by quarters, clockwise: the left edge comes to the top.
    func turned(_ degrees: Int) -> Film {
        guard degrees > 0 else { return self }
        var turned = self
        (turned.width, turned.height) = (height, width)
        for y in 0..<width {
            for x in 0..<height { turned.grey[y * height + x] = grey[(height - 1 - x) * width + y] }
        }
        return turned.turned(degrees - 90)
    }
}

@Suite("What the model's heads are taken to mean")
struct RemedyTests {
    /// What would be said of the film if it were a chest film: a drawn one is not, to the gate.
    private func refusal(of film: Film, _ model: OpenVINOModel) throws -> Refusal? {
        var manifest = model.manifest
        manifest.heads.removeAll { [.gate, .polarity, .fault].contains($0.purpose) }
        let input = manifest.input
        let pixels = Resize.triangle(
            film.grey, width: film.width, height: film.height, toWidth: input.width, toHeight: input.height,
            fit: input.resize.fit)
        let output = EngineOutput(
            inspection: .init(
                format: .png, width: film.width, height: film.height, bitsPerSample: 8, channels: 1, frames: 1),
            measurements: .init(
                width: film.width, height: film.height, mean: 0.5, contrast: 0.5, clippedLow: 0, clippedHigh: 0,
                colourfulness: 0),
            logits: try model.infer(pixels: pixels).logits, activations: [], modelID: manifest.id,
            modelVersion: manifest.version, modelSHA256: manifest.sha256,
            preprocessingSHA256: manifest.preprocessingSha256, milliseconds: [:])
        return Interpretation(manifest: manifest, engineVersion: "1").refusal(for: output)
    }

    @Test("A film that lies on its side is turned back by its remedy, not further round", arguments: [90, 270])
    func quarterTurns(degrees: Int) throws {
        let model = try Installed.model()
        let film = try Film(golden: "phantom-large.png")
        #expect(try refusal(of: film, model) == nil)
        let lying = film.turned(degrees)
        let found = try #require(try refusal(of: lying, model))
        #expect(found.code == .rotated)
        let mended = lying.turned(try #require(found.remedy).turn)
        #expect(mended.width == film.width && mended.grey == film.grey)
    }
}
