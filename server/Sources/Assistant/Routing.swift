/// What a question is taken for.
public struct Routing: Sendable, Equatable {
    public var intent: Intent
    public var subject: Subject
    /// Whether a rule says so; otherwise the meaning of its words does, or nothing.
    public var isByRule: Bool

    public init(_ intent: Intent, subject: Subject = Subject(), isByRule: Bool = true) {
        self.intent = intent
        self.subject = subject
        self.isByRule = isByRule
    }
}

/// What a question speaks of.
public struct Subject: Sendable, Equatable {
    /// Ids of findings, in the order in which they are named.
    public var findings: [String]
    /// Names of medicines as typed, lower case; of kinds of them, such as `antibiotics`, too.
    public var drugs: [String]
    /// A key of ``Knowledge/glossary``.
    public var term: String?

    public init(findings: [String] = [], drugs: [String] = [], term: String? = nil) {
        self.findings = findings
        self.drugs = drugs
        self.term = term
    }

    var isEmpty: Bool { findings.isEmpty && drugs.isEmpty && term == nil }
}

extension Subject {
    /// What a question by itself speaks of.
    public init(of question: String) {
        self.init(of: Wording(question))
    }

    init(of wording: Wording) {
        self.init()
        for mention in wording.mentions {
            switch mention.kind {
            case .finding, .description:
                if Knowledge.findingIDs.contains(mention.id), !findings.contains(mention.id) {
                    findings.append(mention.id)
                }
            case .drug, .medicine:
                let typed = wording.words[mention.range].joined(separator: " ")
                if mention.kind == .drug || mention.id != "medicine", !drugs.contains(typed) { drugs.append(typed) }
            case .disease, .symptom: continue
            }
        }
        term = Self.term(in: wording)
    }

    /// The longest term of the glossary among the words.
    private static func term(in wording: Wording) -> String? {
        let words = wording.words
        var best: Int?
        for start in words.indices {
            for place in placesByFirstWord[words[start]] ?? [] {
                if place < best ?? .max, words[start...].starts(with: terms[place].words) { best = place }
            }
        }
        return best.map { terms[$0].key }
    }

    /// The longest first.
    private static let terms: [(words: [String], key: String)] = Knowledge.glossary
        .flatMap { key, entry in
            ([key] + entry.synonyms).map { (words: Wording.words(of: $0), key: key) }
        }
        .filter { !$0.words.isEmpty }
        .map { (text: $0.words.joined(separator: " "), term: $0) }
        .sorted { ($1.text.count, $0.text) < ($0.text.count, $1.text) }
        .map(\.term)

    private static let placesByFirstWord: [String: [Int]] = Dictionary(
        grouping: terms.indices, by: { terms[$0].words[0] })
}
