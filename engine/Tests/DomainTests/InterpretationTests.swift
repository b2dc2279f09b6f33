import Foundation
import Testing

@testable import Domain

@Suite("What the numbers mean")
struct InterpretationTests {
    static func head(
        _ id: String, _ purpose: ModelManifest.Head.Purpose, at index: Int, threshold: Double = 0.5,
        scope: ModelManifest.Scope? = nil, shown: Bool = true, onlyWhenFlagged: String? = nil
    ) -> ModelManifest.Head {
        .init(
            id: id, kind: .binary, purpose: purpose, indices: [index], activationIndex: nil, classes: nil, name: id,
            plain: "plain", means: "means", code: nil, calibration: .init(scale: 1, bias: 0), threshold: threshold,
            thresholdRule: "rule", shown: shown, whyNotShown: nil, scope: scope, onlyWhenFlagged: onlyWhenFlagged,
            measured: .init(dataset: "d", images: 10))
    }

    static let adult = ModelManifest.Scope(minAge: 18, maxAge: nil, views: ["PA", "AP"])
    static let child = ModelManifest.Scope(minAge: 1, maxAge: 5, views: nil)

    static let manifest: ModelManifest = {
        var orientation = head("orientation", .orientation, at: 0)
        orientation.kind = .softmax
        orientation.indices = [1, 2, 3, 4]
        orientation.classes = ["upright", "upsideDown", "rotatedLeft", "rotatedRight"]
        var view = head("view", .view, at: 0, threshold: 0.8)
        view.kind = .softmax
        view.indices = [6, 7]
        view.classes = ["PA", "AP"]
        return ModelManifest(
            schema: ModelManifest.schema, id: "m", version: "1", title: "M", licence: "l", summary: "s",
            intendedUse: "u",
            modelFile: "model.onnx", sha256: "aa", preprocessingSha256: "bb", trainedOn: [],
            input: .init(
                name: "image", width: 8, height: 8, channels: 1, range: [0, 255], polarity: "boneWhite",
                resize: .init(method: "triangle", fit: .stretch), grey: "rec601"),
            outputs: .init(logits: "logits", activation: "activation"),
            heads: [
                head("gate.chest", .gate, at: 0), orientation, head("polarity", .polarity, at: 5), view,
                head("effusion", .finding, at: 8, threshold: 0.3, scope: adult),
                head("edema", .finding, at: 9, threshold: 0.3, scope: adult),
                head("weak", .finding, at: 9, scope: adult, shown: false),
                head("pneumonia-child", .finding, at: 10, scope: child),
                head("pneumonia-bacterial", .finding, at: 11, scope: child, onlyWhenFlagged: "pneumonia-child"),
            ],
            notChecked: ["Ribs"])
    }()

    /// A chest film, upright, PA; all findings at probability one half.
    static let upright: [Float] = [5, 9, 0, 0, 0, -5, 5, 0, 0, -3, 0, 0]

    static func output(
        _ changes: [Int: Float] = [:], dicom: DicomSummary? = nil, mean: Double = 0.5, contrast: Double = 0.6,
        colour: Double = 0, frames: Int = 1
    ) -> EngineOutput {
        var logits = upright
        for (index, value) in changes { logits[index] = value }
        return EngineOutput(
            inspection: .init(
                format: dicom == nil ? .png : .dicom, width: 900, height: 900, bitsPerSample: 8, channels: 1,
                frames: frames,
                dicom: dicom),
            measurements: .init(
                width: 900, height: 900, mean: mean, contrast: contrast, clippedLow: 0, clippedHigh: 0,
                colourfulness: colour),
            logits: logits, activations: [], modelID: "m", modelVersion: "1", modelSHA256: "aa",
            preprocessingSHA256: "bb",
            milliseconds: [:])
    }

    static func outcome(_ output: EngineOutput, age: Int? = 40, sex: String? = nil) throws -> Analysis.Outcome {
        try Interpretation(manifest: manifest, engineVersion: "e").outcome(
            of: output, for: PatientFacts(age: age, sex: sex))
    }

    static func result(_ output: EngineOutput, age: Int? = 40, sex: String? = nil) throws -> AnalysisResult {
        let outcome = try outcome(output, age: age, sex: sex)
        guard case .completed(let result) = outcome else { throw Unexpected(outcome: outcome) }
        return result
    }

    struct Unexpected: Error { let outcome: Analysis.Outcome }

    @Test(
        "A picture that isn't a chest film the right way up is refused, for the first reason that applies",
        arguments: [
            (output([0: -5]), Refusal.Code.notAChest), (output([2: 20]), .upsideDown), (output([3: 20]), .rotated),
            (output([4: 20]), .rotated), (output([5: 5]), .inverted), (output(mean: 0.01), .tooDark),
            (output(mean: 0.99), .tooBright), (output(contrast: 0.02), .noContrast), (output(colour: 0.3), .notAChest),
            (output(dicom: .init(modality: "CT")), .wrongModality),
            (output(dicom: .init(viewPosition: "LL")), .notFrontal),
            (output([0: -5], dicom: .init(modality: "MR")), .wrongModality),
            (output([0: -5, 2: 20, 5: 9]), .notAChest),
        ])
    func refusals(output: EngineOutput, code: Refusal.Code) throws {
        guard case .refused(let refusal) = try Self.outcome(output) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal == Refusal(code, remedy: refusal.remedy))
    }

    @Test("An unsure orientation isn't a reason to refuse")
    func unsure() throws {
        #expect(try Self.result(Self.output([1: 0, 2: 0.5])).findings.isEmpty == false)
    }

    @Test(
        "A head speaks only for the ages and views that it was made for",
        arguments: [
            (nil, [], ["effusion", "edema", "pneumonia-child", "pneumonia-bacterial"]),
            (0, [], ["effusion", "edema", "pneumonia-child", "pneumonia-bacterial"]),
            (1, ["pneumonia-child", "pneumonia-bacterial"], ["effusion", "edema"]),
            (5, ["pneumonia-child", "pneumonia-bacterial"], ["effusion", "edema"]),
            (6, [], ["effusion", "edema", "pneumonia-child", "pneumonia-bacterial"]),
            (17, [], ["effusion", "edema", "pneumonia-child", "pneumonia-bacterial"]),
            (18, ["effusion", "edema"], ["pneumonia-child", "pneumonia-bacterial"]),
            (120, ["effusion", "edema"], ["pneumonia-child", "pneumonia-bacterial"]),
        ] as [(Int?, [String], [String])])
    func scope(age: Int?, findings: [String], withheld: [String]) throws {
        let result = try Self.result(Self.output(), age: age)
        #expect(Set(result.findings.map(\.id)) == Set(findings))
        #expect(Set(result.withheld.map(\.id)) == Set(withheld))
        #expect(result.withheld.allSatisfy { !$0.why.isEmpty })
        #expect(result.notChecked == ["Ribs"])
    }

    @Test("A head that isn't good enough is never shown")
    func notShown() throws {
        let result = try Self.result(Self.output())
        #expect(!result.findings.contains { $0.id == "weak" } && !result.withheld.contains { $0.id == "weak" })
    }

    @Test("Bacterial against viral is only said where pneumonia was flagged")
    func conditional() throws {
        let result = try Self.result(Self.output([10: -4]), age: 3)
        #expect(result.findings.map(\.id) == ["pneumonia-child"])
        #expect(result.withheld.contains { $0.id == "pneumonia-bacterial" })
    }

    @Test("Flagged means at or over the threshold; flagged findings come first, then the more probable ones")
    func order() throws {
        let result = try Self.result(Self.output([8: -3, 9: 0]))
        #expect(result.findings.map(\.id) == ["edema", "effusion"])
        #expect(result.findings.map(\.flagged) == [true, false])
        #expect(abs(result.findings[1].probability - 0.0474) < 0.0001)
    }

    @Test("The projection is what the header says; else what the model is sure of; else not known")
    func projection() throws {
        #expect(
            try Self.result(Self.output(dicom: .init(viewPosition: "AP"))).projection
                == .init(value: "AP", probability: 1, source: .header))
        #expect(try Self.result(Self.output()).projection?.value == "PA")
        #expect(try Self.result(Self.output()).projection?.source == .model)
        #expect(try Self.result(Self.output([6: 0, 7: 0])).projection == nil)
    }

    @Test("A pregnancy is noted in the scope, where it was told", arguments: ["yes", "possible", "no", "unknown"])
    func pregnancy(answer: String) throws {
        let facts = PatientFacts(intake: ["age": .number(30), "pregnancy": .text(answer)])
        let outcome = try Interpretation(manifest: Self.manifest, engineVersion: "1").outcome(
            of: Self.output(), for: facts)
        guard case .completed(let result) = outcome else { throw UnusableOutput("not completed") }
        let isNoted = result.scope.notes.contains { $0.contains("pregnancy") }
        #expect(isNoted == ["yes", "possible"].contains(answer))
    }

    @Test("An age that nobody told is taken from the file")
    func ageOfTheFile() throws {
        let dicom = DicomSummary(patientSex: "M", patientAge: "062Y")
        #expect(try Self.result(Self.output(dicom: dicom), age: nil).scope.ageYears == 62)
    }

    @Test(
        "DICOM ages are read in all units",
        arguments: [("062Y", 62), ("018M", 1), ("011M", 0), ("030W", 0), ("400D", 1), ("62", nil), ("0x2Y", nil)]
            as [(String, Int?)])
    func dicomAges(text: String, years: Int?) {
        #expect(PatientFacts(dicom: .init(patientAge: text)).age == years)
    }

    @Test("A model that has not been measured says so, to whatever age")
    func unmeasuredModel() throws {
        var manifest = Self.manifest
        for index in manifest.heads.indices where manifest.heads[index].purpose == .finding {
            manifest.heads[index].shown = false
            manifest.heads[index].measured = nil
        }
        let interpretation = Interpretation(manifest: manifest, engineVersion: "e")
        for age in [nil, 3, 40] {
            let outcome = try interpretation.outcome(of: Self.output(), for: PatientFacts(age: age, sex: nil))
            guard case .completed(let result) = outcome else { throw Unexpected(outcome: outcome) }
            #expect(result.findings.isEmpty && result.withheld.isEmpty)
            #expect(result.scope.statement.hasPrefix("No finding of this model has been measured"))
        }
    }

    @Test("Numbers that don't belong to the model, or are none, give no result")
    func unusable() {
        var other = Self.output()
        other.modelSHA256 = "cc"
        #expect(throws: UnusableOutput.self) { try Self.outcome(other) }
        #expect(throws: UnusableOutput.self) { try Self.outcome(Self.output([8: .nan])) }
        var short = Self.output()
        short.logits = Array(short.logits.prefix(9))
        #expect(throws: UnusableOutput.self) { try Self.outcome(short) }
    }

    @Test("Notes say what is wrong with a picture that can still be used")
    func notes() throws {
        #expect(
            try Self.result(Self.output(contrast: 0.2, frames: 3)).quality.notes.map(\.code) == [
                "low-contrast", "one-of-several",
            ])
    }

    @Test(
        "A probability is told as a frequency of the pictures that were measured with about the same one",
        arguments: [
            (0, .init(images: 200, positives: 1)), (0.1, .init(images: 200, positives: 1)),
            (0.11, .init(images: 201, positives: 40)), (0.6, .init(images: 201, positives: 40)),
            (0.9, .init(images: 201, positives: 40)),
        ] as [(Double, Frequency)])
    func frequencies(probability: Double, frequency: Frequency) {
        let measured = ModelManifest.Measured(
            dataset: "d", images: 401,
            groups: [.init(upTo: 0.1, images: 200, positives: 1), .init(upTo: 0.6, images: 201, positives: 40)])
        #expect(measured.frequency(of: probability) == frequency)
    }

    @Test("Where fewer than 100 pictures were measured, nothing is said of a hundred")
    func fewMeasured() throws {
        let few = ModelManifest.Measured(
            dataset: "d", images: 99, groups: [.init(upTo: 1, images: 99, positives: 9)])
        #expect(few.frequency(of: 0.5) == nil)
        #expect(ModelManifest.Measured(dataset: "d", images: 400).frequency(of: 0.5) == nil)
        #expect(try Self.result(Self.output()).findings.allSatisfy { $0.frequency == nil && $0.measured.groups == nil })
    }
}
