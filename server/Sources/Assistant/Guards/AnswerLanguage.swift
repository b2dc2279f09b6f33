/// Whether a sentence is English, by its letters and its commonest words.
enum AnswerLanguage {
    private static let english: Set<String> = [
        "the", "a", "an", "and", "or", "of", "to", "in", "is", "are", "was", "were", "be", "it", "that", "this", "you",
        "your", "for", "with", "on", "not", "as", "at", "by", "can", "from", "have", "has", "what", "which", "how",
        "if",
        "does", "do", "i", "but", "there", "will", "may", "they", "who", "before", "about", "than", "so", "these", "no",
        "means", "yes", "please", "ask", "doctor", "its", "when", "where", "why", "more", "hello", "thank", "thanks",
    ]
    private static let foreign: Set<String> = [
        // German
        "der", "die", "das", "und", "ist", "nicht", "ein", "eine", "sie", "ich", "mit", "von", "zu", "den", "auf",
        "für",
        "auch", "es", "im", "dem", "ihre", "ihr", "sind", "haben", "wird", "kein", "keine", "ja", "nein", "bitte",
        "oder",
        // French
        "le", "la", "les", "et", "est", "une", "des", "du", "vous", "votre", "pas", "pour", "dans", "que", "qui", "sur",
        "avec", "ce", "oui", "non",
        // Spanish, Portuguese, Italian
        "el", "los", "las", "es", "una", "que", "por", "con", "su", "para", "usted", "esto", "si", "sí", "não", "uma",
        "você", "il", "che", "di", "è", "per", "sono", "della", "questo", "os", "seu", "com",
        // Dutch, Polish, Turkish
        "het", "een", "niet", "van", "jij", "uw", "zijn", "jest", "nie", "się", "na", "ve", "bir", "bu", "için",
    ]

    /// Unsure counts as no, but names and single words are not held against a sentence.
    static func isEnglish(_ words: [String]) -> Bool {
        let letters = words.joined().unicodeScalars.filter(\.properties.isAlphabetic)
        guard !letters.isEmpty else { return true }
        let latin = letters.filter { $0.value < 0x250 }.count
        if Double(latin) < 0.9 * Double(letters.count) { return false }
        let known = words.filter(english.contains).count
        let strange = words.filter { foreign.contains($0) && !english.contains($0) }.count
        if strange > known { return false }
        let count = words.filter { $0.first?.isLetter == true }.count
        return count < 8 || known * 10 >= count
    }
}
