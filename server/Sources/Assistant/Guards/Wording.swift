/// A sentence as words that can be compared: lower case, short forms written out, hyphens opened.
struct Wording: Sendable {
    /// `,` `;` `:` `?` and `%` are words of their own; the full stop is left out.
    let words: [String]
    let mentions: [Lexicon.Mention]

    static let boundaries: Set<String> = [",", ";", ":", "?"]

    init(_ text: String) {
        self.init(words: Self.words(of: text))
    }

    init(words: [String]) {
        self.words = words
        mentions = Lexicon.mentions(in: words)
    }

    /// This sentence behind the one that leads to it, for items of a list.
    func following(_ lead: Wording) -> Wording {
        Wording(words: lead.words.filter { $0 != ":" } + words)
    }

    func ids(_ kinds: Lexicon.Kind...) -> Set<String> {
        Set(mentions.filter { kinds.contains($0.kind) }.map(\.id))
    }

    func has(_ pattern: WordPattern) -> Bool { pattern.firstMatch(in: self) != nil }

    func hasAny(_ patterns: [WordPattern]) -> Bool { patterns.contains { has($0) } }

    /// Whether one of the patterns is there and isn't disowned by what stands before it.
    func claims(_ patterns: [WordPattern]) -> Bool {
        patterns.contains { pattern in pattern.matches(in: self).contains { !isDisowned($0.lowerBound) } }
    }

    private static let denials: Set<String> = ["not", "never", "nothing", "no", "nobody", "neither", "nor", "none"]
    private static let verbsOfKnowing: Set<String> = [
        "mean", "means", "meant", "prove", "proves", "proof", "say", "says", "tell", "tells", "know", "knows", "decide",
        "guarantee", "confirm", "confirms", "imply", "conclude", "diagnose", "sure", "certain", "judge", "answer",
        "promise", "determine", "assume", "take",
    ]
    private static let openers: Set<String> = ["if", "whether", "unless", "suppose"]
    private static let stops: Set<String> = [";", ":", "but", "however", "only", "just", "merely"]

    /// Whether what stands at `index` is left open or denied as a claim: "it does not mean that …", "whether …".
    func isDisowned(_ index: Int) -> Bool {
        let before = words[..<index]
        let start = before.lastIndex { Self.stops.contains($0) }.map { $0 + 1 } ?? 0
        let clause = Array(words[start..<index])
        let sinceComma = clause.suffix(from: clause.lastIndex(of: ",").map { $0 + 1 } ?? 0)
        if sinceComma.contains(where: { Self.openers.contains($0) }) { return true }
        for (place, word) in sinceComma.enumerated() where Self.denials.contains(word) {
            let next = sinceComma.dropFirst(place + 1).prefix(5)
            if next.contains(where: { Self.verbsOfKnowing.contains($0) }) { return true }
        }
        return false
    }

    // MARK: - Words

    private static let shortForms = [
        "won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not", "it's": "it is",
        "that's": "that is", "there's": "there is", "what's": "what is", "he's": "he is", "she's": "she is",
        "here's": "here is", "who's": "who is", "let's": "let us", "ain't": "is not", "dont": "do not",
        "isnt": "is not",
        "doesnt": "does not", "youre": "you are", "oedema": "edema", "tumour": "tumor", "tumours": "tumors",
        "anaemia": "anemia", "haemorrhage": "hemorrhage", "colour": "color", "leukaemia": "leukemia",
    ]
    private static let endings = [
        ("n't", " not"), ("'ve", " have"), ("'re", " are"), ("'ll", " will"), ("'m", " am"), ("'d", " would"),
        ("'s", ""), ("s'", "s"),
    ]

    static func words(of text: String) -> [String] {
        var plain = text.lowercased()
        for spelling in spellings where spelling.occurs(in: &plain) {
            plain.replace(spelling.typed, with: spelling.plain)
        }
        return raw(plain).flatMap(written)
    }

    /// What is written in one way before a text is cut into words.
    private struct Spelling: Sendable {
        let typed: String
        let plain: String
        private let bytes: [UInt8]

        init(_ typed: String, _ plain: String) {
            self.typed = typed
            self.plain = plain
            bytes = Array(typed.utf8)
        }

        /// Whether its bytes are there. To replace what isn't there takes a hundred times as long.
        func occurs(in text: inout String) -> Bool {
            text.withUTF8 { text in
                guard text.count >= bytes.count else { return false }
                for start in 0...(text.count - bytes.count) where text[start] == bytes[0] {
                    if text[start...].starts(with: bytes) { return true }
                }
                return false
            }
        }
    }

    private static let spellings = [
        ("’", "'"), ("‘", "'"), ("**", ""), ("x-ray", "xray"), ("x ray", "xray"), ("covid-19", "covid"),
        ("–", "-"), ("—", " , "), (" - ", " , "), ("(", " , "), (")", " , "), ("…", ""), ("per cent", "%"),
        ("percent", "%"), ("$", ""),
    ].map { Spelling($0.0, $0.1) }

    /// Letters and apostrophes; numbers with what stands between their digits; signs.
    private static func raw(_ plain: String) -> [String] {
        var words: [String] = []
        var word = ""
        func end() {
            let trimmed = word.drop { "'.,".contains($0) }
            var kept = String(trimmed)
            while let last = kept.last, "'.,".contains(last) { kept.removeLast() }
            if !kept.isEmpty { words.append(kept) }
            word = ""
        }
        let characters = Array(plain)
        for (index, character) in characters.enumerated() {
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            if character.isNumber {
                if let last = word.last, !last.isNumber, last != ".", last != "," { end() }
                word.append(character)
            } else if character.isLetter {
                if word.last?.isNumber == true { end() }
                word.append(character)
            } else if character == "'" {
                word.append(character)
            } else if character == "." || character == ",", word.last?.isNumber == true, next.isNumber {
                word.append(character)
            } else {
                end()
                if ",;:?%@".contains(character) { words.append(String(character)) }
            }
        }
        end()
        return words
    }

    private static func written(_ word: String) -> [String] {
        if let long = shortForms[word] { return long.split(separator: " ").map(String.init) }
        for (short, long) in endings where word.hasSuffix(short) && word.count > short.count {
            return (word.dropLast(short.count) + long).split(separator: " ").map(String.init)
        }
        return [word]
    }
}
