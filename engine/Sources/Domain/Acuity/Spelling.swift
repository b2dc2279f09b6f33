/// Mends slips of the keyboard in the words that the rules look for: "chets" is "chest", "unconcious" is "unconscious".
enum Spelling {
    /// The word itself, or the one word of the rules that is one slip away: a letter too much, too few, wrong, or two in
    /// the wrong order; two slips in long words.
    static func mend(_ word: String) -> String {
        let letters = Array(word.utf8)
        guard letters.count >= 4, letters.allSatisfy({ (97...122).contains($0) }), !isKnown(word) else { return word }
        let most = letters.count >= 8 ? 2 : 1
        var best: (word: String, distance: Int)?
        for candidate in byFirstLetter[letters[0]] ?? [] where abs(candidate.letters.count - letters.count) <= most {
            let distance = distance(letters, candidate.letters, most: most)
            if distance <= most, distance < best?.distance ?? .max { best = (candidate.word, distance) }
        }
        return best?.word ?? word
    }

    private static func isKnown(_ word: String) -> Bool {
        SentenceRule.vocabulary.contains(word) || neighbours.contains(word)
            || SentenceRule.vocabulary.contains { $0.count >= 5 && word.hasPrefix($0) }
    }

    private struct Candidate {
        let word: String
        let letters: [UInt8]
    }

    /// The words whose slips are mended: those that a danger sign hangs on.
    static let keyWords = [
        "allergic", "anaphylaxis", "ambulance", "antifreeze", "asthma", "attack", "battery", "bleach", "bleeding",
        "blood",
        "breath", "breathe", "breathing", "breathless", "chest", "choking", "clammy", "collapsed", "confused",
        "convulsing",
        "cough", "coughed", "coughing", "crushing", "dizzy", "drowsy", "electrocuted", "emergency", "fainted", "fever",
        "floppy", "gasping", "headache", "heart", "heavily", "heaviness", "infection", "mottled", "numbness", "oxygen",
        "overdose", "overdosed", "oximeter", "paracetamol", "paralysed", "phlegm", "poisoned", "pregnant", "pressure",
        "pulse", "seizure", "severe", "shivering", "shoulder", "slurred", "squeezing", "stabbed", "stroke",
        "struggling",
        "suffocating", "suicidal", "suicide", "swallow", "swallowed", "sweating", "swelling", "swollen", "tablets",
        "temperature", "throat", "tightness", "tongue", "unconscious", "unresponsive", "vomiting", "wheezing", "weight",
    ]

    private static let byFirstLetter: [UInt8: [Candidate]] = Dictionary(
        grouping: keyWords.map { Candidate(word: $0, letters: Array($0.utf8)) }, by: { $0.letters[0] })

    /// Optimal string alignment distance; `most` + 1 for anything over `most`.
    private static func distance(_ one: [UInt8], _ other: [UInt8], most: Int) -> Int {
        var twoBack: [Int] = []
        var before = Array(0...other.count)
        for (i, letter) in one.enumerated() {
            var row = [i + 1]
            for (j, second) in other.enumerated() {
                var cost = min(before[j + 1] + 1, row[j] + 1, before[j] + (letter == second ? 0 : 1))
                if i > 0, j > 0, letter == other[j - 1], one[i - 1] == second { cost = min(cost, twoBack[j - 1] + 1) }
                row.append(cost)
            }
            if row.min() ?? 0 > most { return most + 1 }
            (twoBack, before) = (before, row)
        }
        return before[other.count]
    }
}
