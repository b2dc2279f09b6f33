/// Notices a model that says the same again and again, or that doesn't come to an end.
///
/// Small models fall into loops of a word, a sentence or a list; the text is then worthless from some point on. A loop
/// is: the same eight words in a row for the fourth time, or 160 characters that repeat the one to eight before them.
/// Numbers count as words, so a list that says the same of many findings, with a name or a number in it, is none.
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

    static let wordsInRow = 8
    static let mostTimes = 4
    static let longestPeriod = 8
    static let mostRepeated = 160

    private let limits: Limits
    private var tokens = 0
    private var characters = 0
    private var word = ""
    private var lastWords: [String] = []
    private var timesSaid: [[String]: Int] = [:]
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
        lastWords.append(word)
        word = ""
        if lastWords.count > Self.wordsInRow { lastWords.removeFirst() }
        guard lastWords.count == Self.wordsInRow else { return false }
        timesSaid[lastWords, default: 0] += 1
        return timesSaid[lastWords, default: 0] >= Self.mostTimes
    }
}
