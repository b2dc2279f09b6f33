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
        let text = " " + wording.words.joined(separator: " ") + " "
        return terms.first { text.contains(" \($0.words) ") }?.key
    }

    private static let terms: [(words: String, key: String)] = Knowledge.glossary
        .flatMap { key, entry in
            ([key] + entry.synonyms).map { (words: Wording.words(of: $0).joined(separator: " "), key: key) }
        }
        .filter { !$0.words.isEmpty }
        .sorted { ($1.words.count, $0.words) < ($0.words.count, $1.words) }
}
