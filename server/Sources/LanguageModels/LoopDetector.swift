/// Notices a model that says the same again and again, or that doesn't come to an end.
///
/// Small models fall into loops of a word, a sentence or a list; the text is then worthless from some point on. A loop
/// is: up to sixty words for the fourth time in a row, sixteen words at least, or 160 characters that repeat the one to
/// eight before them. A list that says the same of many findings, with another name in each line, is none.
struct LoopDetector: Sendable {
    /// Most tokens and characters of a whole answer.
    struct Limits: Sendable, Equatable {
        var tokens: Int
        var characters: Int

        /// Some more than what was asked for: a server that keeps to the limit never reaches these.
        init(tokenLimit: Int) {
            tokens = tokenLimit + tokenLimit / 4 + 16
            characters = tokens * 16
        }
    }

    /// In words, of a loop that is noticed.
    static let longestLoop = 60
    /// How often a loop is said again before it is called one.
    static let mostRepetitions = 3
    static let leastWords = 16
    /// In characters, of marks or letters that repeat.
    static let longestPeriod = 8
    static let mostRepeated = 160

    private let limits: Limits
    private var tokens = 0
    private var characters = 0
    private var word = ""
    private var lastWords: [String] = []
    /// For each length of a loop from 1: how many words in a row were the same as the one so far before them.
    private var wordsRepeated = [Int](repeating: 0, count: longestLoop)
    private var lastCharacters: [Character] = []
    /// For each period from 1: how many characters in a row were the same as the one so far before them.
    private var repeated = [Int](repeating: 0, count: longestPeriod)

    init(limits: Limits) {
        self.limits = limits
    }

    /// - Returns: whether the text that was taken so far runs in a loop or over a limit.
    mutating func take(_ piece: String) -> Bool {
        tokens += 1
        var loops = false
        for character in piece {
            characters += 1
            if repeats(character) { loops = true }
            if character.isLetter || character.isNumber {
                word += character.lowercased()
            } else if endWord() {
                loops = true
            }
        }
        return loops || tokens > limits.tokens || characters > limits.characters
    }

    private mutating func repeats(_ character: Character) -> Bool {
        for period in 1...Self.longestPeriod {
            let isSame =
                lastCharacters.count >= period && lastCharacters[lastCharacters.count - period] == character
            repeated[period - 1] = isSame ? repeated[period - 1] + 1 : 0
        }
        lastCharacters.append(character)
        if lastCharacters.count > Self.longestPeriod { lastCharacters.removeFirst() }
        return repeated.contains { $0 >= Self.mostRepeated }
    }

    private mutating func endWord() -> Bool {
        guard !word.isEmpty else { return false }
        for length in 1...Self.longestLoop {
            let isSame = lastWords.count >= length && lastWords[lastWords.count - length] == word
            wordsRepeated[length - 1] = isSame ? wordsRepeated[length - 1] + 1 : 0
        }
        lastWords.append(word)
        if lastWords.count > Self.longestLoop { lastWords.removeFirst() }
        word = ""
        return wordsRepeated.enumerated().contains { index, count in
            count >= max((index + 1) * Self.mostRepetitions, Self.leastWords)
        }
    }
}
