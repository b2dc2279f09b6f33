import Domain
import Testing

@testable import Assistant

@Suite("Sentences out of a stream of Markdown")
struct GuardSplitterTests {
    static func split(_ text: String, pieces: [String]? = nil) -> [SentenceSplitter.Sentence] {
        var splitter = SentenceSplitter()
        return (pieces ?? [text]).flatMap { splitter.take($0) } + splitter.finish()
    }

    static let cases: [(String, [String])] = [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Things, e.g. Fluid, i.e. Water. Dr. Smith knows.", ["Things, e.g. Fluid, i.e. Water.", "Dr. Smith knows."]),
        ("It is 3.5 cm. About 23 %.", ["It is 3.5 cm.", "About 23 %."]),
        ("Line one\ngoes on. Then\nthis.", ["Line one goes on.", "Then this."]),
        ("First.\n\nSecond.", ["First.", "¶Second."]),
        ("Causes:\n- Fluid\n- Air\n\nDone.", ["Causes:", "•Fluid", "•Air", "¶Done."]),
        ("1. One thing. And more.\n2) Another", ["•One thing.", "And more.", "•Another"]),
        ("# What it is\nIt is fluid.", ["**What it is**", "¶It is fluid."]),
        ("## **Bold** heading", ["**Bold heading**"]), ("A\n---\nB", ["A", "¶B"]),
        ("```swift\nlet x\n```\nAfter.", ["let x", "¶After."]),
        ("See [the page](https://x.org/a) and ![a picture](b.png).", ["See the page and a picture."]),
        ("A <b>bold</b> <script>word</script> &amp; more.", ["A bold word & more."]),
        ("An *italic* and **bold** `code`.", ["An italic and **bold** code."]), ("Broken **bold.", ["Broken bold."]),
        ("a\u{202E}b\u{200B}c\u{0}d.", ["abcd."]),
        ("Cited. [finding.effusion] Next.", ["Cited. [finding.effusion]", "Next."]),
        ("\"Quoted.\" Next.", ["\"Quoted.\"", "Next."]), ("> A quote.\n> And more.", ["A quote.", "And more."]),
        ("No. That is it. No. 5 is left.", ["No.", "That is it.", "No. 5 is left."]), ("", []), ("\n\n \n", []),
        ("***", []),
        ("Wait... what? Yes.", ["Wait... what?", "Yes."]),
    ]

    static func marked(_ sentence: SentenceSplitter.Sentence) -> String {
        switch sentence.layout {
        case .same: sentence.text
        case .paragraph: "¶" + sentence.text
        case .item: "•" + sentence.text
        }
    }

    @Test("Sentences and layout", arguments: cases)
    func sentences(text: String, expected: [String]) {
        #expect(Self.split(text).map(Self.marked) == expected)
    }

    @Test("However the text is cut, the same sentences come out")
    func pieces() {
        let text = Self.cases.map(\.0).joined(separator: "\n") + String(repeating: " naïve é 🫁 words", count: 80)
        let whole = Self.split(text)
        var generator = SmallGenerator(state: 7)
        for _ in 0..<60 {
            var pieces: [String] = []
            var rest = Array(text.unicodeScalars)[...]
            while !rest.isEmpty {
                let length = min(rest.count, Int(generator.next() % 9) + 1)
                pieces.append(String(String.UnicodeScalarView(rest.prefix(length))))
                rest = rest.dropFirst(length)
            }
            #expect(Self.split(text, pieces: pieces) == whole)
        }
    }

    @Test("A sentence is given as soon as the next one begins")
    func atOnce() {
        var splitter = SentenceSplitter()
        #expect(splitter.take("This is whole.").isEmpty)
        #expect(splitter.take(" ").isEmpty)
        #expect(splitter.take("And").map(\.text) == ["This is whole."])
    }

    @Test("A sentence that never ends is cut")
    func longest() {
        let sentences = Self.split(String(repeating: "word ", count: 500))
        #expect(sentences.count > 3)
        #expect(sentences.allSatisfy { $0.text.count <= SentenceSplitter.longest })
        #expect(Self.split(String(repeating: "x", count: 1500)).allSatisfy { $0.text.count <= 600 })
    }
}

/// Numbers that look random and are the same in each run.
struct SmallGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
