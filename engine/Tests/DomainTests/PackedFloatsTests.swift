import Domain
import Foundation
import Testing

@Suite("Numbers in messages between programs")
struct PackedFloatsTests {
    @Test(
        "Numbers come back with the bits that they were packed with",
        arguments: [[], [0], [-0.0, 0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -1e-30]] as [[Float]])
    func bits(values: [Float]) throws {
        let packed = try JSONEncoder().encode([PackedFloats(values)])
        let read = try JSONDecoder().decode([PackedFloats].self, from: packed)[0].values
        #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test("They are four bytes each, little endian, in base64")
    func form() throws {
        #expect(try JSONEncoder().encode([PackedFloats([1])]) == Data(#"["AACAPw=="]"#.utf8))
    }

    @Test(
        "What is none of them is not read",
        arguments: [#""AAA=""#, #""AACAPw=""#, #""not base64""#, "[1]", "1", #""AADAfw==""#, #""AACAfw==""#])
    func refused(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([PackedFloats].self, from: Data("[\(json)]".utf8))
        }
    }

    @Test("Numbers that are not finite are not packed", arguments: [Float.nan, .infinity, -.infinity])
    func notFinite(value: Float) {
        #expect(throws: EncodingError.self) { try JSONEncoder().encode([PackedFloats([0, value])]) }
    }

    @Test("An analysis comes back with its activations, and with less than half the bytes of digits")
    func activations() throws {
        let values = (0..<25).map { Float($0 - 12) / 7e3 }
        let output = EngineOutput(
            inspection: PictureInspection(
                format: .png, width: 4, height: 3, bitsPerSample: 8, channels: 1, frames: 1),
            measurements: PictureMeasurements(
                width: 4, height: 3, mean: 0.5, contrast: 0.5, clippedLow: 0, clippedHigh: 0, colourfulness: 0),
            logits: [1, 2],
            activations: ["a", "b"].map { HeadActivation(headID: $0, columns: 5, rows: 5, values: values) },
            modelID: "m", modelVersion: "1", modelSHA256: "", preprocessingSHA256: "", milliseconds: ["decoding": 1])
        let packed = try JSONEncoder().encode(output)
        #expect(try JSONDecoder().decode(EngineOutput.self, from: packed) == output)
        let digits = try JSONEncoder().encode(values)
        #expect(try JSONEncoder().encode(PackedFloats(values)).count * 2 < digits.count)
    }
}
