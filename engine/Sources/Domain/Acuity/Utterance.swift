/// What somebody wrote, cut into clauses of plain words, so that rules can be held against it.
struct Utterance: Sendable, Equatable {
    struct Clause: Sendable, Equatable {
        var words: [String]
        var isQuestion = false
    }

    var clauses: [Clause]

    /// Every word, in order.
    var words: [String] { clauses.flatMap(\.words) }

    /// - Parameter correct: mends the spelling of one word.
    init(_ text: String, correct: (String) -> String = { $0 }) {
        clauses = []
        var words: [String] = []
        var word = ""
        func endWord() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        func endClause(isQuestion: Bool = false) {
            endWord()
            if !words.isEmpty { clauses.append(Clause(words: words, isQuestion: isQuestion)) }
            words = []
        }
        let characters = Array(text.lowercased())
        for (index, character) in characters.enumerated() {
            switch character {
            case "’", "‘", "'", "`", "´": word.append("'")
            case ".", ",":
                let isDecimal =
                    index > 0 && index + 1 < characters.count && characters[index - 1].isNumber
                    && characters[index + 1].isNumber
                if isDecimal { word.append(".") } else { endClause() }
            case "!", ";", ":", "\n", "…", "(", ")", "–", "—": endClause()
            case "?": endClause(isQuestion: true)
            case "%": endWord()
            case _ where character.isLetter:
                // "39c", "92percent"
                if let last = word.last, last.isNumber { endWord() }
                word.append(character)
            case _ where character.isNumber: word.append(character)
            default: endWord()
            }
        }
        endClause()
        clauses = clauses.flatMap { Self.split($0.expanded(correct)) }
    }

    /// Words that begin a new thought without a comma.
    private static let turns: Set<String> = ["but", "however", "although", "though", "yet", "except"]

    private static func split(_ clause: Clause) -> [Clause] {
        clause.words.split { turns.contains($0) }.map { Clause(words: Array($0), isQuestion: clause.isQuestion) }
    }
}

extension Utterance.Clause {
    /// The same with contractions written out and common short forms as words.
    fileprivate func expanded(_ correct: (String) -> String) -> Self {
        var result: [String] = []
        for word in words {
            if let known = Self.whole[word] ?? Self.whole[word.filter { $0 != "'" }] {
                result += known
                continue
            }
            if word.hasSuffix("n't") {
                result += [String(word.dropLast(3)), "not"]
                continue
            }
            if let apostrophe = word.firstIndex(of: "'") {
                let stem = String(word[..<apostrophe])
                let ending = String(word[word.index(after: apostrophe)...])
                if let full = Self.endings[ending] {
                    // "dad's collapsed" and "dad's heart" look alike; "is" does no harm in the second.
                    result += [correct(stem), full].filter { !$0.isEmpty }
                } else {
                    result += [correct(stem), ending].filter { !$0.isEmpty }
                }
                continue
            }
            result.append(correct(word))
        }
        return Self(words: result, isQuestion: isQuestion)
    }

    private static let endings = ["s": "is", "m": "am", "re": "are", "ve": "have", "ll": "will", "d": "had"]

    /// Without apostrophes.
    private static let whole: [String: [String]] = {
        var map: [String: [String]] = [
            "cant": ["cannot"], "cnt": ["cannot"], "can't": ["cannot"], "wont": ["will", "not"], "im": ["i", "am"],
            "ive": ["i", "have"], "id": ["i", "had"], "hes": ["he", "is"], "shes": ["she", "is"],
            "thats": ["that", "is"], "theres": ["there", "is"], "whats": ["what", "is"], "dont": ["do", "not"],
            "dosent": ["does", "not"], "dosnt": ["does", "not"], "aint": ["is", "not"], "lets": ["let", "us"],
            "wanna": ["want", "to"], "gonna": ["going", "to"], "r": ["are"], "u": ["you"], "ur": ["your"], "n": ["and"],
            "wat": ["what"], "shud": ["should"], "thru": ["through"], "temp": ["temperature"], "temps": ["temperature"],
            "fever": ["fever"], "pls": ["please"], "plz": ["please"], "gray": ["grey"], "mom": ["mum"],
            "mommy": ["mum"], "mummy": ["mum"], "daddy": ["dad"], "2day": ["today"], "thanx": ["thanks"],
            "coff": ["cough"], "coffing": ["coughing"], "coffed": ["coughed"], "blod": ["blood"], "hart": ["heart"],
            "puls": ["pulse"], "spo2": ["spo2"], "o2": ["oxygen"], "bloody": ["bloody"], "tummy": ["stomach"],
            "ambulence": ["ambulance"], "cudnt": ["could", "not"], "couldnt": ["could", "not"], "breth": ["breath"],
            "brethe": ["breathe"], "breeth": ["breathe"], "fone": ["phone"], "unable": ["cannot"], "bcz": ["because"],
            "bc": ["because"], "hav": ["have"], "haveing": ["having"], "wen": ["when"], "sumthing": ["something"],
        ]
        for stem in ["is", "are", "was", "were", "has", "have", "had", "does", "did", "would", "should", "must"] {
            map[stem + "nt"] = [stem, "not"]
        }
        return map
    }()
}
