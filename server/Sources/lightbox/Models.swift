import ArgumentParser
import Crypto
import Domain
import Foundation
import Glibc
import Logging
import Workflows

/// `lightbox models`
struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The model packages: which there are, whether they are in order, and what they say of themselves.",
        subcommands: [List.self, Verify.self, Card.self, Withdraw.self, Withdrawals.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the packages in the models folder. The one in use has a star.")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let configuration = try options.load()
                for package in try Package.all(configuration) {
                    let mark = package.name == configuration.model ? "*" : " "
                    switch package.manifest {
                    case .success(let manifest):
                        print("\(mark) \(package.name)  \(manifest.version)  \(manifest.title)")
                    case .failure(let error): print("\(mark) \(package.name)  unreadable: \(error)")
                    }
                }
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Holds a package against its own checksums and golden pictures. Status 69 if it is not in order.",
            discussion: "The golden pictures go through the real, sandboxed worker, from the file to the last score.")

        @Argument(help: "The package's folder name. Without it, the one in use.")
        var name: String?

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let configuration = try options.load()
                LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
                let package = try Package.find(name, configuration)
                let manifest = try package.manifest.get()
                let weights = try package.checkWeights(manifest)
                print("ok  \(manifest.modelFile): SHA-256 \(weights)")
                let golden = try package.golden()
                let engine = try await WorkerPictureEngine.start(
                    configuration, model: package.folder.path(), workers: 1, logger: Logger(label: "worker"))
                let trouble = await check(golden, in: package, with: engine)
                await engine.shutdown()
                guard trouble.isEmpty else {
                    throw Exit(.unavailable, "The package \(package.name) is not in order:\n" + trouble.joined())
                }
                print("\(manifest.title) \(manifest.version) is in order.")
            }
        }

        private func check(
            _ golden: Package.Golden, in package: Package, with engine: WorkerPictureEngine
        ) async -> [String] {
            var trouble: [String] = []
            for expected in golden.files {
                do {
                    let file = package.folder.appending(path: "golden/" + expected.file)
                    let picture = try OpenFile(reading: file.path())
                    let logits = try await engine.analyse(picture, limits: .standard) { _ in }.logits
                    let difference = zip(logits, expected.logits).map { abs($0 - $1) }.max() ?? .infinity
                    let fits = logits.count == expected.logits.count && difference <= golden.tolerance
                    let words = "\(expected.file): largest difference \(difference), allowed \(golden.tolerance)"
                    if fits { print("ok  \(words)") } else { trouble.append("  - \(words)\n") }
                } catch {
                    trouble.append("  - \(expected.file): \(error)\n")
                }
            }
            return trouble
        }
    }

    struct Card: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a package's model card (Markdown): what it is for, how it was measured, what it can't do."
        )

        @Argument(help: "The package's folder name. Without it, the one in use.")
        var name: String?

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Exit.reporting {
                let package = try Package.find(name, try options.load())
                guard let card = try? String(contentsOf: package.folder.appending(path: "card.md"), encoding: .utf8)
                else { throw Exit(.unavailable, "The package \(package.name) has no card.md.") }
                print(card, terminator: "")
            }
        }
    }
}

extension Models {
    /// A folder with a model in it.
    struct Package {
        let folder: URL

        var name: String { folder.lastPathComponent }

        var manifest: Result<ModelManifest, any Error> {
            Result {
                try JSONDecoder().decode(
                    ModelManifest.self, from: Data(contentsOf: folder.appending(path: "manifest.json")))
            }
        }

        static func all(_ configuration: Configuration) throws -> [Package] {
            guard let models = configuration.modelsDirectory,
                let names = try? FileManager.default.contentsOfDirectory(atPath: models)
            else { throw Exit(.unavailable, "The models folder can't be read. “lightbox doctor” says more.") }
            return names.sorted().map { Package(folder: URL(filePath: models).appending(path: $0)) }
                .filter { FileManager.default.fileExists(atPath: $0.folder.appending(path: "manifest.json").path()) }
        }

        static func find(_ name: String?, _ configuration: Configuration) throws -> Package {
            let packages = try all(configuration)
            let wanted = name ?? configuration.model
            guard let found = packages.first(where: { $0.name == wanted }) else {
                let there = packages.map(\.name).joined(separator: ", ")
                throw Exit(.noInput, "There is no model package “\(wanted)”. There is: \(there).")
            }
            return found
        }

        /// - Returns: the SHA-256 of the weights, which is that of the manifest.
        func checkWeights(_ manifest: ModelManifest) throws -> String {
            guard let graph = FileManager.default.contents(atPath: folder.appending(path: manifest.modelFile).path())
            else { throw Exit(.unavailable, "\(manifest.modelFile) can't be read.") }
            let digest = SHA256.hash(data: graph).hexadecimal
            guard digest == manifest.sha256 else {
                throw Exit(
                    .unavailable,
                    "\(manifest.modelFile) has the SHA-256 \(digest), the manifest says \(manifest.sha256).")
            }
            return digest
        }

        /// Pictures and what the graph gives for them, written when the package was made.
        struct Golden: Decodable {
            struct File: Decodable {
                var file: String
                var logits: [Float]
            }

            var tolerance: Float
            var files: [File]
        }

        func golden() throws -> Golden {
            do {
                let text = try Data(contentsOf: folder.appending(path: "golden/expected.json"))
                return try JSONDecoder().decode(Golden.self, from: text)
            } catch {
                throw Exit(.unavailable, "The golden pictures of \(name) can't be read: \(error.localizedDescription)")
            }
        }
    }
}

extension OpenFile {
    /// Opens a file of this machine.
    /// - Throws: ``Exit`` with status 66.
    convenience init(reading path: String) throws {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Exit(.noInput, "\(path): \(String(cString: strerror(errno)))") }
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let kind = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
        let size = lseek(descriptor, 0, SEEK_END)
        guard kind == .typeRegular, size >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            close(descriptor)
            throw Exit(.noInput, "\(path): not a file")
        }
        self.init(descriptor: descriptor, size: size)
    }
}
