import Domain
import Foundation
import ImageDecoding
import Testing

@testable import Inference

@Suite("Runs of the model")
struct RunTests {
    @Test("What was looked at before doesn't change a result, and neither does a second copy of the model")
    func independence() throws {
        let one = try Installed.model()
        let other = try Installed.model()
        let count = one.manifest.input.width * one.manifest.input.height
        let pictures = [0, 1, 2].map { kind in (0..<count).map { Float(($0 * (kind * 37 + 1)) % 256) } }
        let alone = try pictures.map { try one.infer(pixels: $0) }
        let backwards = try pictures.reversed().map { try other.infer(pixels: $0) }
        #expect(backwards.reversed() == alone)
        #expect(alone[0] != alone[1])
    }

    @Test("Each shown finding's map has finite numbers that differ from place to place, and can be drawn")
    func maps() throws {
        let model = try Installed.model()
        let golden = try Golden.read.get()
        let bytes = [UInt8](
            try Data(contentsOf: Golden.folder.appending(path: try #require(golden.files.first).file)))
        let picture = try bytes.withUnsafeBytes { try PictureDecoder(limits: .standard).decode($0) }
        let input = model.manifest.input
        let output = try model.infer(
            pixels: Resize.triangle(
                picture.grey, width: picture.width, height: picture.height, toWidth: input.width,
                toHeight: input.height, fit: input.resize.fit))
        for head in model.manifest.heads where head.shown {
            guard let channel = head.activationIndex else { continue }
            let map = output.activation(channel, of: head.id)
            #expect(map.headID == head.id && map.values.count == map.columns * map.rows)
            let isFinite = map.values.allSatisfy(\.isFinite)
            #expect(isFinite, "\(head.id)")
            #expect(Set(map.values).count > 1, "\(head.id)")
            let drawn = try HeatMap.png(
                map, pictureWidth: picture.width, pictureHeight: picture.height, longestEdge: 64)
            let back = try drawn.withUnsafeBytes { try PictureDecoder(limits: .tinyMaps).inspect($0) }
            #expect(max(back.width, back.height) == 64, "\(head.id)")
        }
    }
}

@Suite("Libraries that are not in order")
struct LibraryTests {
    /// The fault of a folder whose `libopenvino_c.so` is as `make` makes it.
    private static func fault(_ make: (URL) throws -> Void) throws -> ModelFault? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "libraries-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try make(folder.appending(path: "libopenvino_c.so"))
        do throws(ModelFault) {
            let package = try ModelPackage(directory: Installed.package.path())
            _ = try OpenVINOModel(package, libraries: folder.path(), threads: 1)
            return nil
        } catch {
            return error
        }
    }

    @Test("An empty folder is said to have no OpenVINO")
    func empty() throws {
        let fault = try Self.fault { _ in }
        #expect(fault?.code == .runtimeUnusable)
        #expect(fault?.message.contains("libopenvino_c.so") == true)
    }

    @Test("A file that is no library can't be opened", arguments: ["", "no library\n", "\u{7F}ELF"])
    func noLibrary(content: String) throws {
        let fault = try Self.fault { try Data(content.utf8).write(to: $0) }
        #expect(fault?.code == .runtimeUnusable)
        #expect(fault?.message.contains("cannot be opened") == true)
    }

    @Test("A library that isn't OpenVINO is found out by the functions that it lacks")
    func anotherLibrary() throws {
        // One of its companions, which is a whole library without its functions.
        let companions = try FileManager.default.contentsOfDirectory(atPath: Installed.libraries)
        let library = Installed.libraries + "/" + (try #require(companions.first { $0.hasPrefix("libtbb.so") }))
        let fault = try Self.fault {
            try FileManager.default.createSymbolicLink(
                at: $0, withDestinationURL: URL(filePath: library))
        }
        #expect(fault?.code == .runtimeUnusable)
        #expect(fault?.message.contains("has no function") == true)
    }

    @Test("A path that is too long is refused")
    func longPath() throws {
        let package = try ModelPackage(directory: Installed.package.path())
        let fault = try #require(throws: ModelFault.self) {
            try OpenVINOModel(package, libraries: String(repeating: "/x", count: 4000), threads: 1)
        }
        #expect(fault.message.contains("too long"))
    }
}

extension PictureLimits {
    /// For drawn maps.
    fileprivate static let tinyMaps = PictureLimits(maxBytes: 1 << 20, maxPixels: 1 << 16, maxEdge: 256, minEdge: 1)
}
