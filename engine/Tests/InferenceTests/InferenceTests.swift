import Domain
import Foundation
import ImageDecoding
import Testing

@testable import Inference

/// The model package and the libraries of this checkout.
enum Installed {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let package = root.appending(path: "models/chest-xray")

    /// From LIGHTBOX_OPENVINO_DIRECTORY, or the virtual environment that `make setup` makes.
    static let libraries: String = {
        if let path = ProcessInfo.processInfo.environment["LIGHTBOX_OPENVINO_DIRECTORY"] { return path }
        let folder = root.appending(path: ".venv/lib")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return folder.appending(path: "\(versions.first ?? "")/site-packages/openvino/libs").path()
    }()

    static func model() throws -> OpenVINOModel {
        try OpenVINOModel(ModelPackage(directory: package.path()), libraries: libraries, threads: 1)
    }
}

/// What the training scripts wrote beside the golden pictures.
struct Golden: Decodable {
    struct File: Decodable {
        var file: String
        var width: Int
        var height: Int
        var inputMean: Double
        var logits: [Float]
        var activationMeans: [Float]
    }

    var tolerance: Float
    var files: [File]

    static let folder = Installed.package.appending(path: "golden")
    static let read = Result {
        try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
    }
}

@Suite("The model that comes with Lightbox")
struct InstalledModelTests {
    @Test("Golden pictures give the numbers that training gave, from the file to the last score")
    func golden() throws {
        let golden = try Golden.read.get()
        let model = try Installed.model()
        let input = model.manifest.input
        #expect(golden.files.count >= 5)
        for expected in golden.files {
            let bytes = [UInt8](try Data(contentsOf: Golden.folder.appending(path: expected.file)))
            let picture = try bytes.withUnsafeBytes { bytes in
                try PictureDecoder(limits: .standard).decode(bytes)
            }
            #expect(picture.width == expected.width && picture.height == expected.height)
            let pixels = Resize.triangle(
                picture.grey, width: picture.width, height: picture.height, toWidth: input.width,
                toHeight: input.height, fit: input.resize.fit)
            let mean = pixels.reduce(0) { $0 + Double($1) } / Double(pixels.count)
            #expect(abs(mean - expected.inputMean) < 1e-3, "\(expected.file)")
            let output = try model.infer(pixels: pixels)
            #expect(output.logits.count == expected.logits.count)
            for (index, (got, wanted)) in zip(output.logits, expected.logits).enumerated() {
                #expect(abs(got - wanted) <= golden.tolerance, "\(expected.file), logit \(index): \(got), \(wanted)")
            }
            for (channel, wanted) in expected.activationMeans.enumerated() {
                let map = output.activation(channel, of: "head").values
                let got = map.reduce(0, +) / Float(map.count)
                #expect(abs(got - wanted) <= golden.tolerance, "\(expected.file), map \(channel): \(got), \(wanted)")
            }
        }
    }

    @Test("Golden pictures that go through the model together get the numbers that each gets alone", arguments: 2...8)
    func together(batch: Int) throws {
        let golden = try Golden.read.get()
        let alone = try Installed.model()
        let input = alone.manifest.input
        let pictures = try golden.files.map { file in
            let bytes = [UInt8](try Data(contentsOf: Golden.folder.appending(path: file.file)))
            let picture = try bytes.withUnsafeBytes { try PictureDecoder(limits: .standard).decode($0) }
            return Resize.triangle(
                picture.grey, width: picture.width, height: picture.height, toWidth: input.width,
                toHeight: input.height, fit: input.resize.fit)
        }
        let model = try OpenVINOModel(
            ModelPackage(directory: Installed.package.path()), libraries: Installed.libraries, threads: 1, batch: batch)
        #expect(model.batch == (batch >= 8 ? 8 : batch >= 4 ? 4 : 2))
        // More than fit into one run, and a number that is no power of two.
        let many = pictures + pictures + pictures.prefix(1)
        let outputs = try model.infer(together: many)
        #expect(outputs.count == many.count)
        for (output, pixels) in zip(outputs, many) {
            let expected = try alone.infer(pixels: pixels)
            for (got, wanted) in zip(output.logits + output.activations, expected.logits + expected.activations) {
                #expect(abs(got - wanted) <= 1e-5)
            }
        }
        var broken = many
        broken[1][0] = .nan
        #expect(throws: ModelFault.self) { try model.infer(together: broken) }
    }

    @Test("The same picture gives the same bits, again and again")
    func repeatable() throws {
        let model = try Installed.model()
        let pixels = (0..<(model.manifest.input.width * model.manifest.input.height)).map { Float($0 % 251) }
        let first = try model.infer(pixels: pixels)
        for _ in 0..<5 { #expect(try model.infer(pixels: pixels) == first) }
    }

    @Test("Pixels that are not numbers give an error, not a score")
    func notANumber() throws {
        let model = try Installed.model()
        let count = model.manifest.input.width * model.manifest.input.height
        let fault = try #require(throws: ModelFault.self) {
            try model.infer(pixels: [Float](repeating: .nan, count: count))
        }
        #expect(fault.code == .runFailed)
        #expect(try model.infer(pixels: [Float](repeating: 9, count: count)).logits.allSatisfy(\.isFinite))
    }

    @Test("A picture of another size is refused")
    func wrongSize() throws {
        let model = try Installed.model()
        let right = model.manifest.input.width * model.manifest.input.height
        for count in [0, 1, right - 1, right + 1] {
            let fault = try #require(throws: ModelFault.self) {
                try model.infer(pixels: [Float](repeating: 0, count: count))
            }
            #expect(fault.code == .runFailed)
        }
    }

    @Test("Every shown head states what was measured on pictures that training didn't see")
    func measured() throws {
        let heads = try ModelPackage(directory: Installed.package.path()).manifest.heads
        let findings = heads.filter { $0.shown && $0.purpose == .finding }
        #expect(findings.count >= 5)
        for head in findings {
            let measured = try #require(head.measured, "\(head.id)")
            #expect(try #require(measured.auc) >= 0.7, "\(head.id)")
            #expect(try #require(measured.aucLow) < #require(measured.aucHigh), "\(head.id)")
            #expect(try #require(measured.ece) < 0.05, "\(head.id)")
            #expect(measured.sensitivity != nil && measured.specificity != nil, "\(head.id)")
            #expect(head.threshold != nil && head.scope != nil && head.means?.isEmpty == false, "\(head.id)")
        }
        for head in heads where !head.shown && head.purpose == .finding {
            #expect(head.whyNotShown?.isEmpty == false, "\(head.id)")
        }
    }
}

@Suite("A model package that is not in order")
struct BrokenPackageTests {
    /// A copy of the package, changed, in a folder of its own.
    static func changed(_ change: (URL) throws -> Void) throws -> ModelFault? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "package-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["manifest.json", "model.onnx"] {
            try FileManager.default.copyItem(
                at: Installed.package.appending(path: name), to: folder.appending(path: name))
        }
        try change(folder)
        do throws(ModelFault) {
            _ = try ModelPackage(directory: folder.path())
            return nil
        } catch {
            return error
        }
    }

    static func rewriting(_ from: String, _ to: String) throws -> ModelFault? {
        try changed { folder in
            let file = folder.appending(path: "manifest.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            let rewritten = text.replacing(from, with: to)
            try #require(rewritten != text, "“\(from)” stands in the manifest")
            try rewritten.write(to: file, atomically: true, encoding: .utf8)
        }
    }

    @Test("One that nobody changed is read")
    func unchanged() throws {
        #expect(try Self.changed { _ in } == nil)
    }

    @Test("One changed byte of the weights is found")
    func weights() throws {
        let fault = try Self.changed { folder in
            let file = folder.appending(path: "model.onnx")
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
        }
        #expect(fault?.code == .checksumDiffers)
    }

    @Test("A missing file is named", arguments: ["manifest.json", "model.onnx"])
    func missing(name: String) throws {
        let fault = try Self.changed { try FileManager.default.removeItem(at: $0.appending(path: name)) }
        #expect(fault?.code == .packageMissing)
        #expect(fault?.message.contains(name) == true)
    }

    @Test(
        "A manifest that says what this engine doesn't do, or contradicts itself, is refused",
        arguments: [
            (#""lightbox-model/1""#, #""lightbox-model/2""#, ModelFault.Code.manifestInvalid),
            (#""triangle""#, #""cubic""#, .manifestInvalid),
            (#""boneWhite""#, #""boneBlack""#, .manifestInvalid),
            (#""model.onnx""#, #""../model.onnx""#, .packageMissing),
        ])
    func manifests(from: String, to: String, code: ModelFault.Code) throws {
        #expect(try Self.rewriting(from, to)?.code == code)
    }

    @Test("A manifest that is no JSON is refused", arguments: ["", "[]", "{}", "null"])
    func noManifest(text: String) throws {
        let fault = try Self.changed { folder in
            try text.write(to: folder.appending(path: "manifest.json"), atomically: true, encoding: .utf8)
        }
        #expect(fault?.code == .manifestInvalid)
    }
}

@Suite("OpenVINO that is not in order")
struct BrokenRuntimeTests {
    @Test("Libraries that are missing are named, with their folder")
    func noLibraries() throws {
        let package = try ModelPackage(directory: Installed.package.path())
        let fault = try #require(throws: ModelFault.self) {
            try OpenVINOModel(package, libraries: "/nonexistent", threads: 1)
        }
        #expect(fault.code == .runtimeUnusable)
        #expect(fault.message.contains("/nonexistent"))
    }
}
