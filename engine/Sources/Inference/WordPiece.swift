public import Foundation

/// Cuts a text into the tokens of an uncased BERT model.
///
/// Source: Devlin et al. 2019, `BertNormalizer`, `BertPreTokenizer` and `WordPiece` of Hugging Face's tokenizers. Unlike
/// there, a special token that somebody writes out, such as “[SEP]”, is text like any other.
public struct WordPiece: Sendable {
    /// By UTF-8: Swift's strings are equal where Unicode says that they look alike.
    private let vocabulary: [[UInt8]: Int32]
    private let begin: Int32
    private let end: Int32
    private let unknown: Int32
    private let continuation: [UInt8]
    /// A word of more Unicode scalars is unknown as a whole.
    private let longestWord: Int
    /// Bytes of the longest piece in the vocabulary, so that looking one up takes a bounded time.
    private let longestPiece: Int

    private struct File: Decodable {
        struct Model: Decodable {
            var type: String
            var vocab: [String: Int32]
            var unknown: String
            var continuation: String
            var longestWord: Int

            enum CodingKeys: String, CodingKey {
                case type, vocab
                case unknown = "unk_token"
                case continuation = "continuing_subword_prefix"
                case longestWord = "max_input_chars_per_word"
            }
        }

        var model: Model
    }

    /// - Parameter tokenizer: a `tokenizer.json`.
    /// - Throws: ``ModelFault`` with `manifestInvalid`.
    public init(tokenizer: Data) throws(ModelFault) {
        let model: File.Model
        do {
            model = try JSONDecoder().decode(File.self, from: tokenizer).model
        } catch {
            throw ModelFault(.manifestInvalid, "The tokenizer's description is not a tokenizer.json of this kind.")
        }
        guard model.type == "WordPiece", let begin = model.vocab["[CLS]"], let end = model.vocab["[SEP]"],
            let unknown = model.vocab[model.unknown], model.longestWord > 0
        else { throw ModelFault(.manifestInvalid, "The tokenizer's description is none of a BERT model.") }
        vocabulary = Dictionary(
            model.vocab.map { (Array($0.key.utf8), $0.value) }, uniquingKeysWith: { first, _ in first })
        self.begin = begin
        self.end = end
        self.unknown = unknown
        continuation = Array(model.continuation.utf8)
        longestWord = model.longestWord
        longestPiece = vocabulary.keys.map(\.count).max() ?? 0
    }

    /// The numbers of a text's tokens, between those for its beginning and its end.
    /// - Parameter length: most tokens, at least 2; what comes after is cut off.
    public func tokens(of text: String, atMost length: Int) -> [Int64] {
        var tokens = [begin]
        for word in Self.words(of: text) {
            guard tokens.count < length - 1 else { break }
            tokens += pieces(of: word)
        }
        return (tokens.prefix(max(1, length - 1)) + [end]).map(Int64.init)
    }

    /// The longest known pieces from left to right; unknown where one of them isn't.
    private func pieces(of word: [Unicode.Scalar]) -> [Int32] {
        guard word.count <= longestWord else { return [unknown] }
        var pieces: [Int32] = []
        var start = 0
        while start < word.count {
            let rest = word[start...].map { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
            var key = start == 0 ? [] : continuation
            var longest: (token: Int32, end: Int)?
            for (offset, bytes) in rest.enumerated() {
                key += bytes
                guard key.count <= longestPiece else { break }
                if let token = vocabulary[key] { longest = (token, start + offset + 1) }
            }
            guard let longest else { return [unknown] }
            pieces.append(longest.token)
            start = longest.end
        }
        return pieces
    }
}

extension WordPiece {
    /// Lower-case words without accents; each punctuation mark and each Chinese character is a word.
    static func words(of text: String) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        func endWord() {
            if !word.isEmpty { words.append(word) }
            word = []
        }
        for scalar in normalised(text) {
            if scalar.properties.isWhitespace {
                endWord()
            } else if isPunctuation(scalar) || isChinese(scalar) {
                endWord()
                words.append([scalar])
            } else {
                word.append(scalar)
            }
        }
        endWord()
        return words
    }

    /// Without control characters and accents (NFD without Mn), in lower case.
    private static func normalised(_ text: String) -> [Unicode.Scalar] {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isDropped(scalar) { clean.append(scalar) }
        return String(clean).decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { $0.properties.generalCategory != .nonspacingMark }
            .flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
    }

    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": false
        case "\0", "\u{FFFD}": true
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .privateUse, .surrogate: true
            default: false
            }
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x21...0x7E).contains(scalar.value) && !isASCIIAlphanumeric(scalar) }
        return switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    private static func isASCIIAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }

    /// Han characters as BERT counts them; Japanese syllables and Hangul are not among them.
    private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
