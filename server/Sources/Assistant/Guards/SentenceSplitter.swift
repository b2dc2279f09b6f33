import Domain

/// Cuts a language model's Markdown, as it streams in, into sentences of plain text.
///
/// It reads one Unicode scalar after another, so that the same sentences come out however the text is cut into pieces.
/// A sentence is given as soon as what follows shows that it is over.
struct SentenceSplitter: Sendable {
    struct Sentence: Sendable, Equatable {
        /// Plain text of one line; at most `**bold**`.
        var text: String
        var layout: AnswerSentence.Layout
    }

    /// Most characters of one sentence; what is longer is cut at the last space before.
    static let longest = 600

    /// The beginning of a line, until it shows whether it is an item, a heading or text; nil within the line.
    private var opening: [Unicode.Scalar]? = []
    /// What was read of the sentence.
    private var sentence: [Unicode.Scalar] = []
    private var layout: AnswerSentence.Layout = .same
    private var isHeading = false
    private var isFirst = true

    mutating func take(_ piece: String) -> [Sentence] {
        piece.unicodeScalars.flatMap { scalar in PlainText.kept(scalar).map { take($0) } ?? [] }
    }

    /// The rest, though no end was seen.
    mutating func finish() -> [Sentence] {
        take("\n" as Unicode.Scalar) + flush()
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> [Sentence] {
        if let begun = opening { return open(begun, with: scalar) }
        if scalar == "\n" {
            opening = []
            return isHeading ? flush() : append(" ")
        }
        return append(scalar)
    }

    // MARK: - Lines

    private mutating func open(_ begun: [Unicode.Scalar], with scalar: Unicode.Scalar) -> [Sentence] {
        let isEnd = scalar == "\n"
        guard isEnd || scalar == " " else {
            opening = begun + [scalar]
            return []
        }
        if begun.isEmpty {
            guard isEnd else { return [] }
            let found = flush()
            layout = .paragraph
            return found
        }
        let marker = LineMarker(begun)
        opening = isEnd || marker == .quote ? [] : nil
        switch marker {
        case .item, .heading:
            let found = flush()
            layout = marker == .item ? .item : .paragraph
            isHeading = marker == .heading && !isEnd
            return found
        case .quote: return []
        case .rule:
            let found = flush()
            layout = .paragraph
            // What stands behind the marks of a fence on its line is the name of a language.
            return found
        case .text:
            return begun.flatMap { append($0) } + append(" ")
        }
    }

    // MARK: - Sentences

    private mutating func append(_ scalar: Unicode.Scalar) -> [Sentence] {
        guard scalar != " " || sentence.last != " " else { return [] }
        var found: [Sentence] = []
        if sentence.last == " ", scalar != " ", !isHeading, SentenceEnd.isEnd(of: sentence, before: scalar) {
            found = give(sentence)
            sentence = []
        }
        sentence.append(scalar)
        if sentence.count > Self.longest {
            let cut = sentence.lastIndex(of: " ") ?? Self.longest
            found += give(Array(sentence[..<max(cut, 1)]))
            sentence.removeFirst(max(cut, 1))
        }
        return found
    }

    private mutating func flush() -> [Sentence] {
        let found = give(sentence)
        sentence = []
        isHeading = false
        return found
    }

    private mutating func give(_ scalars: [Unicode.Scalar]) -> [Sentence] {
        var text = PlainText.of(scalars)
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
        if isHeading { text = "**\(text.replacing("**", with: ""))**" }
        let own = isFirst && layout == .paragraph ? .same : layout
        isFirst = false
        layout = isHeading ? .paragraph : .same
        return [Sentence(text: text, layout: own)]
    }
}

/// What the first word of a line says about the line.
private enum LineMarker {
    case item, heading, quote, rule, text

    init(_ word: [Unicode.Scalar]) {
        let text = String(String.UnicodeScalarView(word))
        if ["-", "*", "+", "•", "–"].contains(text) || text.wholeMatch(of: /\d{1,2}[.)]/) != nil {
            self = .item
        } else if text.wholeMatch(of: /#{1,6}/) != nil {
            self = .heading
        } else if text.wholeMatch(of: />+/) != nil {
            self = .quote
        } else if text.hasPrefix("```") || text.hasPrefix("~~~") || text.wholeMatch(of: /[-*_=]{3,}/) != nil {
            self = .rule
        } else {
            self = .text
        }
    }
}

/// Where a sentence ends.
enum SentenceEnd {
    private static let closing: Set<Unicode.Scalar> = ["\"", "'", "”", "’", ")", "*", "_", "»"]
    private static let terminators: Set<Unicode.Scalar> = [".", "!", "?", "…", "。", "！", "？"]
    private static let abbreviations: Set<String> = [
        "e.g", "i.e", "eg", "ie", "dr", "mr", "mrs", "ms", "prof", "st", "vs", "no", "approx", "fig", "ca", "cf", "al",
        "jr", "sr", "dept", "max", "min", "p.a", "a.m", "p.m", "u.s", "u.k",
    ]

    /// Whether `read`, which ends with a space, is a whole sentence when `next` follows.
    static func isEnd(of read: [Unicode.Scalar], before next: Unicode.Scalar) -> Bool {
        // A citation in square brackets belongs to the sentence before it.
        if next == "[" { return false }
        var rest = read[...]
        func trim() { while let last = rest.last, last == " " || closing.contains(last) { rest.removeLast() } }
        trim()
        while rest.last == "]", let start = rest.lastIndex(of: "[") {
            rest = rest[..<start]
            trim()
        }
        guard let mark = rest.last, terminators.contains(mark) else { return false }
        if mark != "." { return true }
        if next.properties.isLowercase { return false }
        let word = rest.dropLast().split(separator: " ").last.map { String(String.UnicodeScalarView($0)) } ?? ""
        let bare = word.lowercased().trimmingPrefix(while: { "(\"'*".contains($0) })
        // "No." is a whole answer as well as a short form: it is the latter before a number.
        if bare == "no" { return !next.properties.numericType.isSome }
        return !abbreviations.contains(String(bare))
            && !(bare.count == 1 && bare.first?.isLetter == true && bare != "i")
    }
}

extension Optional {
    fileprivate var isSome: Bool { self != nil }
}
