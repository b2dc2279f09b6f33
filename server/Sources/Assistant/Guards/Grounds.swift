import Domain

/// Ids of lines that a model cites in square brackets.
enum Citations {
    /// The text without them, and the ids.
    static func taken(from text: String) -> (text: String, ids: [String]) {
        let citation = /\s*\[([a-z][A-Za-z0-9.,;\- ]*)\]/
        let ids = text.matches(of: citation).flatMap { match in
            match.output.1.split(whereSeparator: { ",; ".contains($0) }).map(String.init)
        }
        let bare = text.replacing(citation, with: "").replacing(/\s*\[\d+\]/, with: "")
        return (bare.split(separator: " ").joined(separator: " "), ids)
    }
}

/// What a kept sentence rests on.
struct Grounds: Sendable {
    private static let general = Evidence(
        .program, "general-knowledge", label: "general knowledge, not checked against a source")
    private static let most = 4
    private let context: GuardContext

    init(_ context: GuardContext) {
        self.context = context
    }

    func evidence(for wording: Wording, text: String, cited: [String]) -> [Evidence] {
        if let index = context.groundedWordings.firstIndex(where: { $0.words == wording.words }) {
            return context.grounded.sentences[index].evidence
        }
        var found = cited.compactMap { id in context.record.file.lines.first { $0.id == id } }
        for id in wording.ids(.finding, .description).sorted() {
            if let line = context.line(for: id) { found.append(line) }
        }
        if found.isEmpty || !wording.ids(.drug, .symptom, .disease).isEmpty { found += history(wording) }
        let record = found.map { Evidence(.record, $0.id, label: GuardContext.label(of: $0)) }
        let sources = context.grounded.sentences.flatMap(\.evidence).filter { $0.kind == .source }
        let all = record.isEmpty ? (sources.isEmpty ? [Self.general] : sources) : record
        var distinct: [Evidence] = []
        for one in all where !distinct.contains(one) { distinct.append(one) }
        return Array(distinct.prefix(Self.most))
    }

    /// Lines of the history that name the same thing or the same question.
    private func history(_ wording: Wording) -> [ContextFile.Line] {
        guard wording.words.contains(where: { ["you", "your", "record", "told", "history"].contains($0) }) else {
            return []
        }
        let words = Set(wording.words.map(Lexicon.folded))
        let named = wording.ids(.drug, .symptom, .disease)
        return context.lines("intake").filter { line in
            if !named.isDisjoint(with: line.wording.ids(.drug, .symptom, .disease)) { return true }
            let label = line.line.text.prefix { $0 != ":" && $0 != "," }
            let labels = Wording.words(of: String(label)).map(Lexicon.folded)
            return !labels.isEmpty && labels.allSatisfy(words.contains)
        }.map(\.line)
    }
}
