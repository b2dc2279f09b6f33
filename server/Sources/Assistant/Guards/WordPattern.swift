/// A short pattern over the words of a sentence.
///
/// Written as elements between spaces: `a|b` one of these words, `a|b?` perhaps one of them, `~3` up to three words
/// within the clause, `^` the beginning of a clause, `#` a number in digits or letters, `@name` a group of terms of the
/// lexicon: `@illness`, `@finding`, `@drug`, `@medicine`, `@symptom`.
struct WordPattern: Sendable, ExpressibleByStringLiteral {
    private enum Element: Sendable {
        case word(Set<String>)
        case perhaps(Set<String>)
        case gap(Int)
        case start
        case number
        case term(Set<Lexicon.Kind>)
    }

    private let elements: [Element]

    init(stringLiteral text: String) {
        elements = text.split(separator: " ").map { part in
            switch part {
            case "^": return .start
            case "#": return .number
            case "@illness": return .term([.finding, .disease])
            case "@finding": return .term([.finding, .description])
            case "@drug": return .term([.drug])
            case "@medicine": return .term([.drug, .medicine])
            case "@symptom": return .term([.symptom])
            default:
                if part.hasPrefix("~") { return .gap(Int(part.dropFirst()) ?? 0) }
                let isOptional = part.hasSuffix("?") && part.count > 1
                let words = Set((isOptional ? part.dropLast() : part).split(separator: "|").map(String.init))
                return isOptional ? .perhaps(words) : .word(words)
            }
        }
    }

    func firstMatch(in wording: Wording) -> Range<Int>? {
        for start in wording.words.indices {
            if let end = end(of: elements[...], from: start, in: wording) { return start..<end }
        }
        return nil
    }

    func matches(in wording: Wording) -> [Range<Int>] {
        wording.words.indices.compactMap { start in
            end(of: elements[...], from: start, in: wording).map { start..<$0 }
        }
    }

    private static let clauseOpeners: Set<String> = [
        ",", ";", ":", "?", "and", "but", "so", "then", "please", "yes", "no", "or", "just", "simply", "therefore",
    ]

    private func end(of rest: ArraySlice<Element>, from index: Int, in wording: Wording) -> Int? {
        guard let element = rest.first else { return index }
        let others = rest.dropFirst()
        let words = wording.words
        switch element {
        case .start:
            guard index == 0 || Self.clauseOpeners.contains(words[index - 1]) else { return nil }
            return end(of: others, from: index, in: wording)
        case .word(let set):
            guard index < words.count, set.contains(words[index]) else { return nil }
            return end(of: others, from: index + 1, in: wording)
        case .perhaps(let set):
            if index < words.count, set.contains(words[index]),
                let found = end(of: others, from: index + 1, in: wording)
            {
                return found
            }
            return end(of: others, from: index, in: wording)
        case .gap(let most):
            for skipped in 0...most {
                let place = index + skipped
                if place > words.count { return nil }
                if let found = end(of: others, from: place, in: wording) { return found }
                if place >= words.count || Wording.boundaries.contains(words[place]) { return nil }
            }
            return nil
        case .number:
            guard index < words.count, Numbers.value(of: words[index]) != nil else { return nil }
            return end(of: others, from: index + 1, in: wording)
        case .term(let kinds):
            for mention in wording.mentions where mention.range.lowerBound == index && kinds.contains(mention.kind) {
                if let found = end(of: others, from: mention.range.upperBound, in: wording) { return found }
            }
            return nil
        }
    }
}
