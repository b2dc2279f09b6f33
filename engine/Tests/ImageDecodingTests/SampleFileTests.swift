import Domain
import Foundation
import ImageDecoding
import Testing

/// The DICOM files of the package `pydicom-data`, where they are installed.
enum SampleFiles {
    static let folder: URL? = {
        if let named = ProcessInfo.processInfo.environment["LIGHTBOX_SAMPLES"] { return URL(fileURLWithPath: named) }
        let library = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
            .appendingPathComponent("../.venv/lib")
        let versions =
            (try? FileManager.default.contentsOfDirectory(at: library, includingPropertiesForKeys: nil)) ?? []
        return versions.first { $0.lastPathComponent.hasPrefix("python3") }?
            .appendingPathComponent("site-packages/data_store/data")
    }()

    static let all: [URL] = {
        guard let folder else { return [] }
        let found = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return found.filter { $0.pathExtension == "dcm" }
    }()
}

@Suite(.enabled(if: !SampleFiles.all.isEmpty)) struct SampleFileTests {
    static func decode(_ name: String) throws -> DecodedPicture {
        let file = try #require(SampleFiles.all.first { $0.lastPathComponent == name })
        return try PictureDecoder(limits: .standard).decode([UInt8](Data(contentsOf: file)))
    }

    @Test("Every file is read or refused for a reason that fits it")
    func all() throws {
        var read = 0
        for file in SampleFiles.all {
            let bytes = try [UInt8](Data(contentsOf: file))
            switch PictureDecoder.tiny.refusal(bytes) {
            case nil: read += 1
            case .colourNotSupported, .noPixels, .damagedPicture, .pictureTooLarge: break
            case let code?: Issue.record("\(file.lastPathComponent): \(code.rawValue)")
            }
        }
        #expect(read >= 20)
    }

    @Test(
        "A radiograph is the same uncompressed and as reversible JPEG 2000",
        arguments: [
            ("RG1_UNCR.dcm", "RG1_J2KR.dcm"), ("RG3_UNCR.dcm", "RG3_J2KR.dcm"), ("MR2_UNCR.dcm", "MR2_J2KR.dcm"),
        ])
    func reversible(_ plain: String, _ coded: String) throws {
        let one = try Self.decode(plain)
        let other = try Self.decode(coded)
        #expect(one.width == other.width && one.height == other.height)
        #expect(one.grey == other.grey)
    }

    @Test("A radiograph is shown with its whole range and bones white")
    func radiograph() throws {
        let picture = try Self.decode("RG1_UNCR.dcm")
        let measured = picture.measurements()
        #expect(picture.inspection.dicom?.modality != nil)
        #expect(measured.contrast > 0.3 && measured.mean > 0.05 && measured.mean < 0.95)
    }
}
