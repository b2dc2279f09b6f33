/// A pattern of words: `cannot|hardly ~3 breathe|breath*` is one of the first, at most three other words, one of the
/// last. `*` stands for any ending, `#` for a number, `#8+` for one of at least 8.
struct Phrase: Sendable {
    private struct Step: Sendable {
        /// At most so many other words before.
        var gap: Int
        var exact: Set<String>
        var beginnings: [String]
        /// The least number that it takes; nil where it takes none.
        var least: Double?

        func takes(_ word: String) -> Bool {
            exact.contains(word) || isEnough(word)
                || beginnings.contains { word.hasPrefix($0) }
        }

        private func isEnough(_ word: String) -> Bool {
            guard let least, let number = Double(word) else { return false }
            return number >= least
        }
    }

    private let steps: [Step]
    /// The words that it names in full or by their beginning.
    let vocabulary: Set<String>

    init(_ pattern: String) {
        var steps: [Step] = []
        var vocabulary: Set<String> = []
        var gap = 0
        for part in pattern.split(separator: " ") {
            if part.hasPrefix("~") {
                gap = Int(part.dropFirst()) ?? 3
                continue
            }
            var step = Step(gap: gap, exact: [], beginnings: [], least: nil)
            for word in part.split(separator: "|") {
                if word == "#" {
                    step.least = -.infinity
                } else if word.hasPrefix("#"), word.hasSuffix("+") {
                    step.least = Double(word.dropFirst().dropLast())
                } else if word.hasSuffix("*") {
                    step.beginnings.append(String(word.dropLast()))
                    vocabulary.insert(String(word.dropLast()))
                } else {
                    step.exact.insert(String(word))
                    vocabulary.insert(String(word))
                }
            }
            steps.append(step)
            gap = 0
        }
        self.steps = steps
        self.vocabulary = vocabulary
    }

    /// Where it occurs: for each first word, the shortest stretch.
    func matches(in words: [String]) -> [Range<Int>] {
        words.indices.compactMap { start in
            guard let first = steps.first, first.takes(words[start]) else { return nil }
            return end(of: 1, after: start, in: words).map { start..<$0 }
        }
    }

    func occurs(in words: [String]) -> Bool {
        !matches(in: words).isEmpty
    }

    private func end(of step: Int, after index: Int, in words: [String]) -> Int? {
        guard step < steps.count else { return index + 1 }
        let last = min(words.count - 1, index + 1 + steps[step].gap)
        guard index + 1 <= last else { return nil }
        for next in (index + 1)...last where steps[step].takes(words[next]) {
            if let end = end(of: step + 1, after: next, in: words) { return end }
        }
        return nil
    }
}
