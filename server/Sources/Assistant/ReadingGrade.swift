/// How many years of school a text asks for.
public enum ReadingGrade {
    /// The grade of Flesch and Kincaid (1975): from the words of a sentence and the syllables of a word.
    ///
    /// Syllables are counted by groups of vowels, which is right for most English words.
    public static func fleschKincaid(_ text: String) -> Double {
        var sentences = 0
        var words = 0
        var syllables = 0
        for line in text.split(whereSeparator: \.isNewline) {
            for sentence in line.split(whereSeparator: { ".!?:".contains($0) }) {
                let spoken = sentence.split { !$0.isLetter && $0 != "'" && $0 != "’" }
                guard !spoken.isEmpty else { continue }
                sentences += 1
                words += spoken.count
                syllables += spoken.reduce(0) { $0 + Self.syllables($1) }
            }
        }
        guard words > 0 else { return 0 }
        return 0.39 * Double(words) / Double(sentences) + 11.8 * Double(syllables) / Double(words) - 15.59
    }

    static func syllables(_ word: some StringProtocol) -> Int {
        let letters = Array(word.lowercased())
        var count = 0
        var wasVowel = false
        for letter in letters {
            let isVowel = "aeiouyäöü".contains(letter)
            if isVowel, !wasVowel { count += 1 }
            wasVowel = isVowel
        }
        // A last e is silent, but not after a consonant and an l; so is the e of most endings in -ed and -es.
        let ending = String(letters.suffix(3))
        if ending.hasSuffix("e"), !ending.hasSuffix("le"), count > 1 { count -= 1 }
        if ending.hasSuffix("ed") || ending.hasSuffix("es"), count > 1, !"tdsxz".contains(ending.first ?? "t") {
            count -= 1
        }
        return max(1, count)
    }
}
