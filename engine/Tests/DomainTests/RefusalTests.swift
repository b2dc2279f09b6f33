import Testing

@testable import Domain

@Suite("Why a picture isn't read, and what would mend it")
struct RefusalTests {
    typealias Base = InterpretationTests

    /// The heads for faults of the picture behind those of the other tests, at positions 12 to 15.
    static let interpretation: Interpretation = {
        var manifest = Base.manifest
        manifest.heads += [
            Base.head("glare", .fault, at: 12, threshold: 0.9), Base.head("cropped", .fault, at: 13, threshold: 0.9),
            Base.head("mirrored", .fault, at: 14, threshold: 0.9),
            Base.head("not-frontal", .fault, at: 15, threshold: 0.9),
        ]
        return Interpretation(manifest: manifest, engineVersion: "e")
    }()

    static func output(_ changes: [Int: Float] = [:], width: Int = 900, height: Int = 900) -> EngineOutput {
        var output = Base.output(changes.filter { $0.key < 12 })
        output.logits += [-9, -9, -9, -9]
        for (index, value) in changes where index >= 12 { output.logits[index] = value }
        output.measurements.width = width
        output.measurements.height = height
        return output
    }

    static func refusal(_ changes: [Int: Float], after adjustment: PictureAdjustment = .none) -> Refusal? {
        interpretation.refusal(for: output(changes), after: adjustment)
    }

    @Test(
        "A fault of the picture is refused at or over its threshold; the first one counts",
        arguments: [
            ([:], nil), ([12: 9], .glare), ([13: 9], .cropped), ([14: 9], .mirrored), ([15: 9], .notFrontal),
            ([12: 2.1], nil),
            ([12: 2.3], .glare), ([12: 9, 13: 9, 14: 9], .glare), ([13: 9, 14: 9], .cropped),
            ([0: -5, 12: 9], .notAChest), ([2: 20, 14: 9], .upsideDown), ([5: 5, 13: 9], .inverted),
        ] as [([Int: Float], Refusal.Code?)])
    func faults(changes: [Int: Float], code: Refusal.Code?) {
        #expect(Self.refusal(changes)?.code == code)
    }

    @Test("A head that isn't shown refuses nothing")
    func notShown() {
        var manifest = Self.interpretation.manifest
        for index in manifest.heads.indices where manifest.heads[index].purpose == .fault {
            manifest.heads[index].shown = false
        }
        let interpretation = Interpretation(manifest: manifest, engineVersion: "e")
        #expect(interpretation.refusal(for: Self.output([12: 9, 13: 9, 14: 9, 15: 9])) == nil)
    }

    @Test(
        "A picture with a side under 128 pixels is too small",
        arguments: [(128, 128, nil), (127, 900, .tooSmall), (900, 127, .tooSmall)] as [(Int, Int, Refusal.Code?)])
    func size(width: Int, height: Int, code: Refusal.Code?) {
        #expect(Self.interpretation.refusal(for: Self.output(width: width, height: height))?.code == code)
    }

    @Test(
        "What can be mended in the picture itself comes with its remedy",
        arguments: [
            ([2: 20], .init(turn: 180)), ([3: 20], .init(turn: 90)), ([4: 20], .init(turn: 270)),
            ([5: 5], .init(invert: true)), ([14: 9], .init(mirror: true)), ([0: -5], nil), ([12: 9], nil),
            ([13: 9], nil),
        ] as [([Int: Float], PictureAdjustment?)])
    func remedies(changes: [Int: Float], remedy: PictureAdjustment?) {
        #expect(Self.refusal(changes)?.remedy == remedy)
    }

    @Test("A remedy takes the place of what was in force: done to the file, it gives the mended picture")
    func combined() throws {
        let mends: [([Int: Float], PictureAdjustment)] = [
            ([2: 20], .init(turn: 180)), ([3: 20], .init(turn: 90)), ([4: 20], .init(turn: 270)),
            ([5: 5], .init(invert: true)), ([14: 9], .init(mirror: true)),
        ]
        for inForce in PictureAdjustmentTests.all {
            for (changes, mend) in mends where !(inForce.mirror && mend.mirror) {
                let remedy = try #require(Self.refusal(changes, after: inForce)?.remedy)
                #expect(
                    PixelGrid.sample.adjusted(by: remedy)
                        == PixelGrid.sample.adjusted(by: inForce).adjusted(by: mend), "\(inForce), \(mend)")
            }
        }
    }

    @Test("Mirroring is asked once: somebody's heart may really lie on the right")
    func askedOnce() throws {
        func notes(_ changes: [Int: Float], after adjustment: PictureAdjustment) throws -> [String] {
            let outcome = try Self.interpretation.outcome(
                of: Self.output(changes), for: PatientFacts(age: 40), after: adjustment)
            guard case .completed(let result) = outcome else { throw Base.Unexpected(outcome: outcome) }
            return result.quality.notes.map(\.code)
        }
        #expect(Self.refusal([14: 9], after: .init(turn: 90))?.code == .mirrored)
        #expect(try notes([14: 9], after: .init(mirror: true)) == ["mirrored", "heart-on-the-right"])
        #expect(try notes([:], after: .init(mirror: true)) == ["mirrored"])
        #expect(try notes([:], after: .init(turn: 180)) == [])
    }

    /// Flesch-Kincaid grade of a text, syllables counted as groups of vowels.
    ///
    /// Source: Kincaid et al., "Derivation of new readability formulas for Navy enlisted personnel", 1975.
    static func grade(_ text: String) -> Double {
        let sentences = text.split { ".:;".contains($0) }.count
        let words = text.split { !$0.isLetter && $0 != "'" }
        let syllables = words.reduce(0) { sum, word in
            var groups = 0
            var wasVowel = false
            for letter in word.lowercased() {
                let isVowel = "aeiouy".contains(letter)
                if isVowel && !wasVowel { groups += 1 }
                wasVowel = isVowel
            }
            if word.hasSuffix("e") && groups > 1 { groups -= 1 }
            return sum + max(1, groups)
        }
        return 0.39 * Double(words.count) / Double(sentences) + 11.8 * Double(syllables) / Double(words.count) - 15.59
    }

    @Test(
        "Words are plain: reading grade 8 or lower, and nothing that calms or frightens",
        arguments: Refusal.Code.allCases)
    func plain(code: Refusal.Code) {
        let refusal = Refusal(code)
        let text = refusal.reason + " " + refusal.advice
        #expect(Self.grade(text) <= 8, "\(Self.grade(text)): \(text)")
        for word in ["normal", "healthy", "fine", "safe", "worry", "danger"] {
            #expect(!text.lowercased().split(whereSeparator: { !$0.isLetter }).contains(Substring(word)), "\(text)")
        }
    }
}
