import Domain
import Foundation
import ImageDecoding
import Testing

@testable import Inference

/// The triangle filter in 64 bits, first along rows and then along columns, as Pillow has it in `Resample.c`.
enum ExactTriangle {
    static func resized(_ grey: [Float], width: Int, height: Int, toWidth: Int, toHeight: Int) -> [Float] {
        let narrow = alongRows(grey, width: width, height: height, to: toWidth)
        let turned = transposed(narrow, width: toWidth, height: height)
        return transposed(
            alongRows(turned, width: height, height: toWidth, to: toHeight), width: toHeight, height: toWidth)
    }

    private static func alongRows(_ grey: [Float], width: Int, height: Int, to output: Int) -> [Float] {
        let scale = Double(width) / Double(output)
        let support = max(1, scale)
        var out = [Float](repeating: 0, count: output * height)
        for index in 0..<output {
            let centre = (Double(index) + 0.5) * scale
            let low = max(0, Int(centre - support + 0.5))
            let high = min(width, Int(centre + support + 0.5))
            let weights = (low..<high).map { max(0, 1 - abs((Double($0) - centre + 0.5) / support)) }
            let total = weights.reduce(0, +)
            for row in 0..<height {
                var sum = 0.0
                for (tap, weight) in weights.enumerated() {
                    sum += Double(grey[row * width + low + tap]) * weight / total
                }
                out[row * output + index] = Float(sum)
            }
        }
        return out
    }

    private static func transposed(_ grey: [Float], width: Int, height: Int) -> [Float] {
        (0..<width * height).map { grey[$0 % height * width + $0 / height] }
    }
}

@Suite("A model's input, made while rows go by")
struct StreamedInputTests {
    @Test("It gives the probabilities of the exact filter, to five millionths, on every golden picture")
    func probabilities() throws {
        let model = try Installed.model()
        let manifest = model.manifest
        for golden in try Golden.read.get().files {
            let bytes = [UInt8](try Data(contentsOf: Golden.folder.appending(path: golden.file)))
            let decoder = PictureDecoder(limits: .standard)
            let whole = try bytes.withUnsafeBytes { try decoder.decode($0) }
            let exact = ExactTriangle.resized(
                whole.grey, width: whole.width, height: whole.height, toWidth: manifest.input.width,
                toHeight: manifest.input.height)
            let streamed = try bytes.withUnsafeBytes {
                try decoder.read($0, PictureOrder(previewEdges: [64], input: manifest.input, measures: true)).input
            }
            let wanted = try model.infer(pixels: exact).logits
            let found = try model.infer(pixels: streamed).logits
            for head in manifest.heads where head.kind == .binary {
                func probability(_ logits: [Float]) -> Double {
                    let logit = Double(logits[head.indices[0]])
                    return 1 / (1 + exp(-(head.calibration.scale * logit + (head.calibration.bias ?? 0))))
                }
                let difference = abs(probability(wanted) - probability(found))
                #expect(difference <= 5e-6, "\(golden.file), \(head.id): \(difference)")
            }
        }
    }
}
