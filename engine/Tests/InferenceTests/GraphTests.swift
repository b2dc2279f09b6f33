import Domain
import Foundation
import Testing

@testable import Inference

/// Packages whose checksums are right and whose content is not: what a broken training run would leave.
enum MadePackage {
    /// A folder with the installed package's description, changed, and a graph, hashed anew.
    static func with<Result>(
        graph: Data? = nil, changing change: (inout ModelManifest) -> Void = { _ in },
        _ body: (String) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "package-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let installed = try ModelPackage(directory: Installed.package.path())
        var manifest = installed.manifest
        let graph = graph ?? installed.graph
        manifest.sha256 = Checksum.sha256(graph)
        change(&manifest)
        manifest.preprocessingSha256 = try ModelPackage.preprocessingChecksum(of: manifest.input)
        try JSONEncoder().encode(manifest).write(to: folder.appending(path: "manifest.json"))
        try graph.write(to: folder.appending(path: manifest.modelFile))
        return try body(folder.path())
    }

    /// Why a package with this graph and description cannot be used; nil where it can.
    static func fault(
        graph: Data? = nil, changing change: (inout ModelManifest) -> Void = { _ in }
    ) throws -> ModelFault? {
        try with(graph: graph, changing: change) { folder in
            do throws(ModelFault) {
                _ = try OpenVINOModel(ModelPackage(directory: folder), libraries: Installed.libraries, threads: 1)
                return nil
            } catch {
                return error
            }
        }
    }
}

@Suite("A graph that is not in order")
struct GraphTests {
    @Test("A package that was written anew without a change is used")
    func unchanged() throws {
        #expect(try MadePackage.fault() == nil)
    }

    @Test("A graph that is cut off is refused and ends nothing", arguments: [0, 1, 16, 1000, -1])
    func cut(length: Int) throws {
        let whole = try ModelPackage(directory: Installed.package.path()).graph
        let part = Data(whole.prefix(length < 0 ? whole.count / 2 : length))
        let fault = try #require(try MadePackage.fault(graph: part), "a graph of \(part.count) bytes")
        #expect(fault.code == .runtimeUnusable)
        #expect(fault.message.hasSuffix("."))
    }

    @Test("A file that is no graph is refused", arguments: ["a text", "<html></html>", "\u{8}\u{1}\u{12}\u{7F}"])
    func noGraph(text: String) throws {
        #expect(try MadePackage.fault(graph: Data(text.utf8))?.code == .runtimeUnusable)
    }

    @Test("An input description that was changed after it was hashed is refused")
    func changedInput() throws {
        let width = try ModelPackage(directory: Installed.package.path()).manifest.input.width
        let fault = try BrokenPackageTests.rewriting(#""width": \#(width)"#, #""width": \#(width + 1)"#)
        #expect(fault?.code == .checksumDiffers)
    }

    @Test("An output that the graph doesn't have is named as missing")
    func unknownOutputs() throws {
        let scores = try MadePackage.fault { $0.outputs.logits = "nowhere" }
        #expect(scores?.code == .runtimeUnusable)
        #expect(scores?.message.contains("scores") == true)
        let maps = try MadePackage.fault { $0.outputs.activation = "nowhere" }
        #expect(maps?.code == .runtimeUnusable)
        #expect(maps?.message.contains("activations") == true)
    }

    @Test("An input that the graph doesn't have is refused")
    func unknownInput() throws {
        let fault = try MadePackage.fault { $0.input.name = "nowhere" }
        #expect(fault?.code == .runtimeUnusable)
    }

    @Test("Scores and activation maps can't be taken for each other")
    func swapped() throws {
        let fault = try MadePackage.fault { swap(&$0.outputs.logits, &$0.outputs.activation) }
        #expect(fault?.code == .runFailed)
        #expect(fault?.message.contains("shape") == true)
    }

    @Test("A head that points beyond the scores, or beyond the maps, is named")
    func headsOutside() throws {
        let score = try MadePackage.fault { manifest in
            guard let place = manifest.heads.firstIndex(where: { $0.kind == .binary }) else { return }
            manifest.heads[place].indices = [100_000]
            manifest.heads[place].id = "far-score"
        }
        #expect(score?.code == .outputsDiffer)
        #expect(score?.message.contains("far-score") == true)
        let map = try MadePackage.fault { manifest in
            manifest.heads[0].activationIndex = 100_000
            manifest.heads[0].id = "far-map"
        }
        #expect(map?.code == .outputsDiffer)
        #expect(map?.message.contains("far-map") == true)
    }
}

@Suite("Checksums")
struct ChecksumTests {
    // FIPS 180-4's examples, as NIST publishes them.
    @Test(
        "SHA-256 is that of the standard",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func standard(text: String, checksum: String) {
        #expect(Checksum.sha256(Array(text.utf8)) == checksum)
        #expect(Checksum.sha256(text.utf8.lazy.map { $0 }) == checksum)
    }

    @Test("The description of the input, as it stands in the file, has the checksum that the file states")
    func preprocessing() throws {
        let text = try Data(contentsOf: Installed.package.appending(path: "manifest.json"))
        let manifest = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
        let input = try #require(manifest["input"])
        let canonical = try JSONSerialization.data(
            withJSONObject: input, options: [.sortedKeys, .withoutEscapingSlashes])
        #expect(Checksum.sha256(canonical) == manifest["preprocessingSha256"] as? String)
    }

    @Test(
        "Each change of how pictures are prepared changes the checksum",
        arguments: ["width", "height", "name", "fit", "grey"])
    func sensitivity(field: String) throws {
        let input = try ModelPackage(directory: Installed.package.path()).manifest.input
        var changed = input
        switch field {
        case "width": changed.width += 1
        case "height": changed.height += 1
        case "name": changed.name += "s"
        case "grey": changed.grey = "rec709"
        default: changed.resize.fit = input.resize.fit == .crop ? .pad : .crop
        }
        #expect(
            try ModelPackage.preprocessingChecksum(of: changed) != ModelPackage.preprocessingChecksum(of: input))
    }
}
