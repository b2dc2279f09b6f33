public import Domain
internal import Foundation

/// A folder with `manifest.json` and a graph, read and checked against its own checksums.
public struct ModelPackage: Sendable {
    public let manifest: ModelManifest
    /// The ONNX graph, byte for byte as hashed.
    let graph: Data

    /// Reads and checks the package in a folder.
    ///
    /// - Throws: ``ModelFault`` with `packageMissing`, `manifestInvalid` or `checksumDiffers`.
    public init(directory: String) throws(ModelFault) {
        let manifest = try Self.manifest(in: directory)
        try Self.check(manifest)
        guard manifest.modelFile.first != ".", !manifest.modelFile.contains("/"),
            let graph = FileManager.default.contents(atPath: directory + "/" + manifest.modelFile)
        else {
            throw ModelFault(
                .packageMissing, "The model file \(manifest.modelFile) cannot be read in the folder \(directory).")
        }
        guard Checksum.sha256(graph) == manifest.sha256 else {
            throw ModelFault(
                .checksumDiffers,
                "The model file \(manifest.modelFile) has another SHA-256 than its manifest states. Copy the package anew."
            )
        }
        self.manifest = manifest
        self.graph = graph
    }

    static func manifest(in directory: String) throws(ModelFault) -> ModelManifest {
        guard let text = FileManager.default.contents(atPath: directory + "/manifest.json") else {
            throw ModelFault(.packageMissing, "There is no readable manifest.json in the folder \(directory).")
        }
        do {
            return try JSONDecoder().decode(ModelManifest.self, from: text)
        } catch {
            throw ModelFault(.manifestInvalid, "manifest.json is not a model manifest: \(error).")
        }
    }

    static func check(_ manifest: ModelManifest) throws(ModelFault) {
        func refuse(_ message: String) -> ModelFault { ModelFault(.manifestInvalid, "manifest.json: " + message) }
        guard manifest.schema == ModelManifest.schema else {
            throw refuse("the schema is \(manifest.schema); this engine reads \(ModelManifest.schema).")
        }
        let input = manifest.input
        guard input.channels == 1, input.range == [0, 255], input.polarity == "boneWhite", input.grey == "rec601",
            input.resize.method == "triangle", (16...4096).contains(input.width), (16...4096).contains(input.height)
        else { throw refuse("it describes an input that this engine does not prepare.") }
        guard try preprocessingChecksum(of: input) == manifest.preprocessingSha256 else {
            throw ModelFault(
                .checksumDiffers, "manifest.json: preprocessingSha256 is not the SHA-256 of its input description.")
        }
        guard !manifest.heads.isEmpty else { throw refuse("it has no heads.") }
        guard Set(manifest.heads.map(\.id)).count == manifest.heads.count else {
            throw refuse("two heads share an id.")
        }
        for head in manifest.heads {
            let fits =
                switch head.kind {
                case .binary: head.indices.count == 1
                case .softmax: head.indices.count >= 2 && head.classes?.count == head.indices.count
                }
            guard fits, head.indices.allSatisfy({ $0 >= 0 }), head.activationIndex ?? 0 >= 0 else {
                throw refuse("the head \(head.id) has indices that don't fit its kind.")
            }
        }
    }

    /// SHA-256 of the canonical JSON of what this engine understands of `input`; a description with more in it differs.
    static func preprocessingChecksum(of input: ModelManifest.Input) throws(ModelFault) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Checksum.sha256(try encoder.encode(input))
        } catch {
            throw ModelFault(.manifestInvalid, "manifest.json: the input description cannot be written as JSON.")
        }
    }
}
