import Foundation
import Testing

@testable import Inference

@Suite("The tokens of a text")
struct WordPieceTests {
    private static let wordPiece = Result {
        try WordPiece(tokenizer: try Data(contentsOf: URL(filePath: Installed.tokenizer)))
    }

    /// Made with Hugging Face's tokenizers 0.23.3 and the same `tokenizer.json`.
    static let expected: [(text: String, tokens: [Int64])] = [
        ("", [101, 102]),
        ("   \t\n", [101, 102]),
        ("My chest hurts.", [101, 2026, 3108, 13403, 1012, 102]),
        ("I can't breathe!", [101, 1045, 2064, 1005, 1056, 7200, 999, 102]),
        ("CAN'T BREATHE", [101, 2064, 1005, 1056, 7200, 102]),
        (
            "Übelkeit & Schwindel seit März",
            [
                101, 1057, 8671, 29501, 2102, 1004, 8040, 2232, 11101, 2884, 7367, 4183, 9388, 2480, 102,
            ]
        ),
        ("naïve café résumé", [101, 15743, 7668, 13746, 102]),
        ("İstanbul ΑΣ straße", [101, 9960, 1155, 29733, 2358, 27807, 102]),
        ("e\u{301}clair", [101, 14925, 19771, 2099, 102]),
        ("héllo\u{200B}world\u{AD}", [101, 7592, 11108, 102]),
        (
            "fever 39.5°C, 2×/day; SpO₂ 88%",
            [
                101, 9016, 4464, 1012, 1019, 7737, 2278, 1010, 1016, 26306, 1013, 2154, 1025, 11867, 2080,
                8229, 6070, 1003, 102,
            ]
        ),
        ("chest pain 😰 🫁", [101, 3108, 3255, 100, 100, 102]),
        ("胸が痛い", [101, 100, 1651, 100, 1647, 102]),
        ("我胸口痛", [101, 1855, 100, 1788, 100, 102]),
        (
            "가슴이 아파요",
            [
                101, 1455, 30006, 29997, 30017, 30023, 29999, 30019, 1463, 30006, 30004, 30006, 29999, 30013,
                102,
            ]
        ),
        ("Грудь болит", [101, 1183, 16856, 29748, 29742, 23742, 1181, 14150, 29436, 10325, 22919, 102]),
        ("haemoptysis pneumothorax", [101, 5292, 6633, 7361, 3723, 6190, 1052, 2638, 2819, 29288, 2527, 2595, 102]),
        ("xqzjwv ☃ \u{16A0}", [101, 1060, 4160, 2480, 3501, 2860, 2615, 100, 100, 102]),
        ("a\u{0}b\u{FFFD}c\u{E000}d", [101, 5925, 2094, 102]),
        ("tab\u{A0}nbsp\u{3000}wide", [101, 21628, 1050, 5910, 2361, 2898, 102]),
        ("don't—stop…“now”", [101, 2123, 1005, 1056, 1517, 2644, 1529, 1523, 2085, 1524, 102]),
        (
            "mask_token $5 ^2 ~ `x` <b>",
            [
                101, 7308, 1035, 19204, 1002, 1019, 1034, 1016, 1066, 1036, 1060, 1036, 1026, 1038, 1028, 102,
            ]
        ),
        ("electroencephalographically", [101, 16175, 10127, 21890, 21197, 20721, 3973, 102]),
        ("ﬁne Å K", [101, 1984, 2638, 1037, 1047, 102]),
        ("नमस्ते", [101, 1327, 29867, 29874, 29859, 102]),
        ("مرحبا", [101, 1295, 17149, 29820, 29816, 25573, 102]),
    ]

    @Test("Texts are cut as the model has learnt to read them", arguments: expected)
    func tokens(text: String, tokens: [Int64]) throws {
        #expect(try Self.wordPiece.get().tokens(of: text, atMost: 128) == tokens)
    }

    @Test("A word of more than a hundred letters is unknown as a whole")
    func longWord() throws {
        let wordPiece = try Self.wordPiece.get()
        let long = wordPiece.tokens(of: String(repeating: "x", count: 100), atMost: 128)
        #expect(long.count == 52 && long.dropFirst().first == 22038)
        #expect(wordPiece.tokens(of: String(repeating: "x", count: 101), atMost: 128) == [101, 100, 102])
    }

    @Test("A long text is cut off and still has its end", arguments: [2, 3, 32, 128])
    func cutOff(length: Int) throws {
        let tokens = try Self.wordPiece.get().tokens(of: String(repeating: "pain ", count: 300), atMost: length)
        #expect(tokens == [101] + [Int64](repeating: 3255, count: length - 2) + [102])
    }

    @Test("Special tokens that somebody writes out are text")
    func writtenOut() throws {
        let tokens = try Self.wordPiece.get().tokens(of: "[SEP] [CLS]", atMost: 128)
        #expect(tokens.first == 101 && tokens.last == 102)
        #expect(!tokens.dropFirst().dropLast().contains { $0 == 101 || $0 == 102 })
    }

    @Test(
        "A description that is no tokenizer's is refused",
        arguments: [
            "", "{}", "[]", #"{"model":{"type":"WordPiece","vocab":{}}}"#,
            #"{"model":{"type":"BPE","vocab":{"[CLS]":1,"[SEP]":2,"[UNK]":3},"unk_token":"[UNK]","continuing_subword_prefix":"-","max_input_chars_per_word":9}}"#,
        ])
    func refused(description: String) throws {
        let fault = try #require(throws: ModelFault.self) { try WordPiece(tokenizer: Data(description.utf8)) }
        #expect(fault.code == .manifestInvalid)
    }
}
