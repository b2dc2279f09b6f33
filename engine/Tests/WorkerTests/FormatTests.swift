import Domain
import Foundation
import Testing
import WorkerProtocol

@Suite("Every format, in the sandbox")
struct FormatTests {
    /// A JPEG of the drawn picture: the preview of its PNG.
    static func jpeg(_ worker: WorkerUnderTest) throws -> [UInt8] {
        let (answer, _) = try worker.ask(Files.png) {
            .rendition(id: $0, limits: Files.limits, frame: 0, adjustment: .none, edge: Files.width)
        }
        return try #require(answer.attachment(WorkerAttachment.preview))
    }

    @Test("Each format is looked at, previewed and analysed by one worker, with what its header says")
    func formats() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let cases: [(PictureFormat, [UInt8], bits: Int, modality: String?)] = [
            (.png, Files.png, 8, nil), (.jpeg, try Self.jpeg(worker), 8, nil), (.webp, Files.webp, 8, nil),
            (.tiff, Files.tiff(bits: 8), 8, nil), (.tiff, Files.tiff(bits: 16), 16, nil),
            (.dicom, Files.dicom(modality: "DX"), 12, "DX"), (.dicom, Files.dicom(modality: "CT"), 12, "CT"),
        ]
        for (format, file, bits, modality) in cases {
            let name: Comment = "\(format.rawValue), \(bits) bits, \(modality ?? "no modality")"
            let (looked, _) = try worker.ask(file) { .inspect(id: $0, limits: Files.limits, previewEdges: [64]) }
            guard case .inspected(_, let inspection) = looked.message else {
                Issue.record("\(looked.message)")
                continue
            }
            #expect(inspection.format == format, name)
            #expect([inspection.width, inspection.height] == [Files.width, Files.height], name)
            #expect(inspection.bitsPerSample == bits && inspection.frames == 1, name)
            #expect(inspection.dicom?.modality == modality, name)

            let (previewed, _) = try worker.ask(file) {
                .rendition(id: $0, limits: Files.limits, frame: 0, adjustment: .none, edge: 48)
            }
            let preview = try #require(previewed.attachment(WorkerAttachment.preview), name)
            let (again, _) = try worker.ask(preview) { .inspect(id: $0, limits: Files.limits, previewEdges: [8]) }
            guard case .inspected(_, let small) = again.message else {
                Issue.record("The preview of \(format.rawValue) can't be read.")
                continue
            }
            #expect(small.format == .jpeg && [small.width, small.height] == [48, 40], name)

            let (analysed, steps) = try worker.ask(file) {
                .analyse(id: $0, limits: Files.limits, frame: 0, adjustment: .none)
            }
            guard case .analysed(_, let output) = analysed.message else {
                Issue.record("\(analysed.message)")
                continue
            }
            #expect(steps == AnalysisStep.allCases, name)
            #expect(output.inspection == inspection, name)
            // The drawn picture runs evenly through all greys.
            #expect(abs(output.measurements.mean - 0.5) < 0.06 && output.measurements.contrast > 0.7, name)
        }
    }

    @Test("The same greys as PNG, TIFF of 8 bits and of 16 bits give the same scores, and swapped ones others")
    func sameGreys() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        func logits(_ file: [UInt8], _ adjustment: PictureAdjustment = .none) throws -> [Float] {
            let (answer, _) = try worker.ask(file) {
                .analyse(id: $0, limits: Files.limits, frame: 0, adjustment: adjustment)
            }
            guard case .analysed(_, let output) = answer.message else {
                throw WorkerUnderTest.Unexpected(message: "\(answer.message)")
            }
            return output.logits
        }
        let png = try logits(Files.png)
        #expect(try logits(Files.tiff(bits: 8)) == png)
        // 16 bits hold grey * 256 here, which is 255.0 / 256.0 of the way.
        for (wide, narrow) in zip(try logits(Files.tiff(bits: 16)), png) { #expect(abs(wide - narrow) < 0.05) }
        #expect(try logits(Files.png, PictureAdjustment(invert: true)) != png)
        #expect(try logits(Files.png) == png)
    }

    @Test("A film whose white is zero is turned round before the model sees it")
    func monochrome1() throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        var means: [Double] = []
        for photometric in ["MONOCHROME1", "MONOCHROME2"] {
            let file = Files.dicom(modality: "DX", photometric: photometric)
            let (answer, _) = try worker.ask(file) {
                .analyse(id: $0, limits: Files.limits, frame: 0, adjustment: .none)
            }
            guard case .analysed(_, let output) = answer.message else {
                throw WorkerUnderTest.Unexpected(message: "\(answer.message)")
            }
            means.append(output.measurements.mean)
        }
        #expect(abs(means[0] + means[1] - 1) < 0.01)
    }

    @Test("A frame that a picture doesn't have is refused", arguments: [1, 1000, -1])
    func frames(frame: Int) throws {
        let worker = try WorkerUnderTest()
        try worker.ready()
        let (answer, _) = try worker.ask(Files.dicom(modality: "DX")) {
            .analyse(id: $0, limits: Files.limits, frame: frame, adjustment: .none)
        }
        guard case .failed(_, let code, _) = answer.message else {
            Issue.record("\(answer.message)")
            return
        }
        #expect(PictureFault.Code(rawValue: code) != nil)
        #expect(try worker.refusal(WorkerTests.film) == nil)
    }
}
