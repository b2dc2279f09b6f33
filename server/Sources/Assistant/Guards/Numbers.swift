import Foundation

/// The numbers of a sentence, in digits and in words.
enum Numbers {
    private static let words: [String: Double] = [
        "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
        "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "million": 1_000_000,
        "twice": 2, "dozen": 12,
    ]
    /// Months that are no other word as well.
    static let months: Set<String> = [
        "january", "february", "april", "june", "july", "august", "september", "october", "november", "december",
    ]

    /// nil for a word that is no number. "one" counts as none.
    static func value(of word: String) -> Double? {
        if let value = words[word] { return value }
        guard let first = word.first, first.isNumber else { return nil }
        // "1,000" is a thousand, "23,4" a decimal.
        let isThousands = word.wholeMatch(of: /\d{1,3}(,\d{3})+(\.\d+)?/) != nil
        return Double(word.replacing(",", with: isThousands ? "" : "."))
    }

    /// Each number of a sentence with what may as well be said for it: rounded, as a percentage, as a fraction.
    static func allowed(from wordings: [Wording]) -> Set<String> {
        var allowed: Set<String> = []
        for word in wordings.flatMap(\.words) {
            if let value = value(of: word) {
                for number in [value, value.rounded(), (value * 10).rounded() / 10] {
                    allowed.insert(key(number))
                    allowed.insert(key((number * 100).rounded() / 100))
                    if number <= 1 { allowed.insert(key((number * 1000).rounded() / 10)) }
                    if number <= 1 { allowed.insert(key((number * 100).rounded())) }
                    if number <= 100 {
                        allowed.insert(key((number * 10).rounded() / 1000))
                        allowed.insert(key(number.rounded() / 100))
                    }
                }
            } else if word.first?.isNumber == true || months.contains(word) {
                allowed.insert(word)
            }
        }
        return allowed
    }

    static func key(of word: String) -> String { value(of: word).map(key) ?? word }

    private static func key(_ value: Double) -> String {
        value.formatted(
            .number.grouping(.never).precision(.fractionLength(0...4)).locale(Locale(identifier: "en_US_POSIX")))
    }
}
