import DicomElements
import Domain
import Foundation
import Testing

@testable import ImageDecoding

@Suite(
    "De-identified sample files", .enabled(if: !SampleFiles.all.isEmpty, "The package pydicom-data is not installed."))
struct DeidentifiedSampleTests {
    private static let dcmdump = URL(fileURLWithPath: "/usr/bin/dcmdump")

    /// What DCMTK reads in a file; nil where it refuses it.
    private static func dump(_ file: [UInt8]) throws -> String? {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(file).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let program = Process()
        program.executableURL = dcmdump
        program.arguments = ["--print-all", path.path]
        let output = Pipe()
        program.standardOutput = output
        program.standardError = FileHandle.nullDevice
        try program.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        program.waitUntilExit()
        return program.terminationStatus == 0 ? text : nil
    }

    /// The bytes of an element's value.
    private static func value(_ tag: DicomTag, of file: [UInt8]) throws -> [UInt8]? {
        try file.withUnsafeBytes { buffer in
            let read = try DicomFile(ByteView(buffer), inflatedLimit: 1 << 26)
            defer { withExtendedLifetime(read.inflated) {} }
            return read.dataSet.bytes(tag).map { Array($0.bytes) }
        }
    }

    @Test("Each keeps its pixels byte for byte and names nobody")
    func all() throws {
        var written = 0
        for sample in SampleFiles.all {
            let before = try [UInt8](Data(contentsOf: sample))
            guard let after = try? DeidentificationTests.write(before).file else { continue }
            written += 1
            let name: Comment = "\(sample.lastPathComponent)"
            let pixels = try Self.value(DicomTags.pixelData, of: before)
            let same = try Self.value(DicomTags.pixelData, of: after) == pixels
            #expect(same && pixels != nil, name)
            for tag in [DicomTags.patientName, DicomTags.patientID, DicomTags.patientBirthDate, DicomTags.studyDate] {
                let left = try Self.value(tag, of: after) ?? []
                #expect(left.isEmpty, name)
            }
            // Nothing is left to take out but what was put in.
            let again = try DeidentificationTests.write(after).changes
            #expect(again.allSatisfy { $0.action == .replaced }, name)
        }
        #expect(written >= 50)
    }

    @Test(
        "DCMTK reads them without a complaint",
        .enabled(if: FileManager.default.isExecutableFile(atPath: dcmdump.path), "dcmdump is not installed."),
        arguments: ["RG1_UNCR.dcm", "RG3_J2KI.dcm", "emri_small_big_endian.dcm", "MR-SIEMENS-DICOM-WithOverlays.dcm"])
    func readable(name: String) throws {
        let sample = try #require(SampleFiles.all.first { $0.lastPathComponent == name })
        let file = try DeidentificationTests.write([UInt8](Data(contentsOf: sample))).file
        let text = try #require(try Self.dump(file))
        #expect(text.contains("(0012,0062) CS [YES]") && text.contains("(0028,0303) CS [REMOVED]"))
        #expect(text.contains("[113100]") && !text.contains("(6000,") && !text.contains("(0029,"))
    }
}
