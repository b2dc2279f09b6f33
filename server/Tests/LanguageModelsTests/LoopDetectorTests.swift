import Testing

@testable import LanguageModels

@Suite("Loops") struct LoopDetectorTests {
    /// The number of pieces after which it is noticed; nil when it isn't.
    private func noticed(_ pieces: [String], tokenLimit: Int = 2000) -> Int? {
        var detector = LoopDetector(limits: .init(tokenLimit: tokenLimit))
        return pieces.firstIndex { detector.take($0) }
    }

    private func words(_ text: String) -> [String] {
        text.split(separator: " ").map { $0 + " " }
    }

    @Test(
        "The same again and again is noticed",
        arguments: [
            "very ", "I am not sure. ", "Please talk to your doctor about this picture. ",
            "It can be caused by a cold, by the flu, or by something else that a doctor should look at soon. ",
        ])
    func loops(_ text: String) throws {
        let pieces = words(String(repeating: text, count: 40))
        let place = try #require(noticed(pieces))
        #expect(place < words(text).count * 4 + 16)
    }

    @Test("Marks without a word between them are noticed", arguments: ["!", "-=", "\n", "haha", "肺"])
    func marks(_ text: String) throws {
        let place = try #require(noticed([String](repeating: text, count: 400)))
        #expect(place * text.count <= 176)
    }

    @Test("It doesn't matter how the text is cut into pieces")
    func cuts() {
        let text = String(repeating: "It is what it is, and that is that. ", count: 8)
        let byCharacter = noticed(text.map { String($0) })
        #expect(byCharacter != nil)
        #expect(noticed([text]) == 0)
    }

    @Test("A list that says the like of many things is none")
    func list() {
        let names = [
            "effusion", "pneumonia", "a nodule", "a mass", "scarring", "fluid", "air", "a fracture", "a hernia",
        ]
        let text = names.map { "- The model looked for \($0) and gave it a score of 0.1, below its line.\n" }.joined()
        #expect(noticed(words(text)) == nil)
    }

    @Test("A table's line and three repetitions are none")
    func bounds() {
        #expect(noticed(["|" + String(repeating: "-", count: 120) + "|"]) == nil)
        #expect(noticed(words(String(repeating: "Ask your doctor what this means for you now. ", count: 3))) == nil)
    }

    @Test("Who goes on past the limit is stopped, by tokens or by characters")
    func limits() throws {
        let tokens = try #require(noticed((0..<1000).map { "word\($0) " }, tokenLimit: 40))
        #expect(tokens == 66)
        let pieces = (0..<40).map { line in (0..<40).map { "w\(line * 40 + $0) " }.joined() }
        let characters = try #require(noticed(pieces, tokenLimit: 40))
        #expect(characters < 12)
    }
}
