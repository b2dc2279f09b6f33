/// Words for findings, illnesses, complaints and medicines, and what they stand for.
enum Lexicon {
    enum Kind: Sendable, Hashable {
        /// A finding of a chest X-ray by its name.
        case finding
        /// A finding in plain words, which may as well explain it.
        case description
        case disease
        case symptom
        /// One medicine by its name.
        case drug
        /// Medicine in general, or a kind of it.
        case medicine
    }

    struct Term: Sendable, Hashable {
        var kind: Kind
        var id: String
    }

    struct Mention: Sendable, Hashable {
        /// Indices of words.
        var range: Range<Int>
        var kind: Kind
        var id: String
    }

    /// The longest term at each place.
    static func mentions(in words: [String]) -> [Mention] {
        let folded = words.map(folded)
        var found: [Mention] = []
        var index = 0
        while index < words.count {
            if let (length, term) = longest(at: index, in: folded) {
                if let term { found.append(Mention(range: index..<index + length, kind: term.kind, id: term.id)) }
                index += length
            } else {
                if isDrugByEnding(words[index]) {
                    found.append(Mention(range: index..<index + 1, kind: .drug, id: folded[index]))
                }
                index += 1
            }
        }
        return found
    }

    private static func longest(at index: Int, in words: [String]) -> (Int, Term?)? {
        guard let entries = table[words[index]] else { return nil }
        for entry in entries where words[index...].starts(with: entry.words) { return (entry.words.count, entry.term) }
        return nil
    }

    private struct Entry: Sendable {
        var words: [String]
        /// nil for words that look like a term and are none.
        var term: Term?
    }

    /// By the first word, the longest first.
    private static let table: [String: [Entry]] = {
        var table: [String: [Entry]] = [:]
        func add(_ phrase: String, _ term: Term?) {
            let words = Wording.words(of: phrase).map(folded)
            if let first = words.first { table[first, default: []].append(Entry(words: words, term: term)) }
        }
        func add(_ catalogue: [(String, String)], _ kind: Kind) {
            for (id, phrases) in catalogue {
                for phrase in phrases.split(separator: ",") { add(String(phrase), Term(kind: kind, id: id)) }
            }
        }
        add(findings, .finding)
        add(descriptions, .description)
        add(diseases, .disease)
        add(symptoms, .symptom)
        add(drugs, .drug)
        add(medicines, .medicine)
        for phrase in harmless { add(phrase, nil) }
        return table.mapValues { $0.sorted { $0.words.count > $1.words.count } }
    }()

    /// Without the ending of a plural.
    static func folded(_ word: String) -> String {
        guard word.count > 4, word.hasSuffix("s") else { return word }
        if word.hasSuffix("sses") { return String(word.dropLast(2)) }
        if word.hasSuffix("ies") { return word.dropLast(3) + "y" }
        if ["ss", "is", "us"].contains(where: word.hasSuffix) { return word }
        return String(word.dropLast())
    }

    private static let drugEndings = [
        "cillin", "mycin", "floxacin", "cycline", "pril", "sartan", "statin", "olol", "prazole", "conazole", "tinib",
        "oxaban", "dipine", "gliptin", "gliflozin", "parin", "solone", "asone", "terol", "tropium", "setron",
        "triptan", "azepam", "oxetine", "clovir", "mivir", "ximab", "zumab", "lukast", "thiazide", "semide",
        "cillins", "statins",
    ]
    private static let notDrugs: Set<String> = ["april", "cholesterol", "season", "reason", "mason", "comparin"]

    private static func isDrugByEnding(_ word: String) -> Bool {
        word.count >= 6 && !notDrugs.contains(word) && drugEndings.contains { word.hasSuffix($0) }
    }
}
