import Assistant
import Foundation
import Testing

@Suite struct IntentLayerTests {
    /// What `tools/assistant/train.py` computed.
    struct Golden: Decodable {
        var question: String
        var embedding: [Float]
        var probabilities: [String: Float]
    }

    static let data = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data")

    static func golden() throws -> [Golden] {
        try JSONDecoder().decode(
            [Golden].self, from: Data(contentsOf: data.appending(path: "intent-layer-golden.json")))
    }

    @Test func probabilitiesAreThoseOfTheTrainer() throws {
        let golden = try Self.golden()
        #expect(golden.count == 3)
        for golden in golden {
            let ranking = IntentLayer().ranking(golden.embedding)
            #expect(ranking.count == golden.probabilities.count)
            for (intent, probability) in ranking {
                let expected = try #require(golden.probabilities[intent.rawValue])
                #expect(abs(probability - expected) < 1e-3, "\(golden.question): \(intent.rawValue)")
            }
        }
    }

    @Test func goldenQuestionsAskForWhatTheyAskFor() throws {
        let best = try Self.golden().map { IntentLayer().ranking($0.embedding).first }
        #expect(best.map { $0?.intent } == [.findingMeaning, .medicationStop, .privacy])
        for best in best { #expect(try #require(best).probability >= IntentLayer.leastProbability) }
    }

    @Test func probabilitiesFallAndAddUpToOne() throws {
        for golden in try Self.golden() {
            let probabilities = IntentLayer().ranking(golden.embedding).map(\.probability)
            #expect(probabilities == probabilities.sorted(by: >))
            #expect(abs(probabilities.reduce(0, +) - 1) < 1e-4)
        }
    }

    @Test func rankingHoldsEachIntentOnce() throws {
        let golden = try #require(Self.golden().first)
        let ranking = IntentLayer().ranking(golden.embedding)
        #expect(Set(ranking.map(\.intent)) == Set(Intent.allCases))
        #expect(ranking.count == Intent.allCases.count)
    }

    @Test(arguments: [0, 1, 383, 385, 768])
    func embeddingOfAnotherSizeHasNoRanking(size: Int) {
        #expect(IntentLayer().ranking(Array(repeating: 0.05, count: size)).isEmpty)
    }

    @Test func embeddingThatIsNotFiniteHasNoRanking() {
        #expect(IntentLayer().ranking(Array(repeating: .nan, count: 384)).isEmpty)
        #expect(IntentLayer().ranking(Array(repeating: .infinity, count: 384)).isEmpty)
    }

    @Test func tableHoldsManyDistinctQuestionsForEachIntent() throws {
        let table = try String(contentsOf: Self.data.appending(path: "examples.tsv"), encoding: .utf8)
        let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: "\t", maxSplits: 1) }
        #expect(rows.count >= 1100)
        #expect(Set(rows.map { $0.last ?? "" }).count == rows.count, "the same words under two intents")
        var counts: [Intent: Int] = [:]
        for row in rows {
            let name = try #require(row.first)
            counts[try #require(Intent(rawValue: String(name)), "\(name)"), default: 0] += 1
        }
        for intent in Intent.allCases { #expect(counts[intent, default: 0] >= 14, "\(intent.rawValue)") }
    }
}
