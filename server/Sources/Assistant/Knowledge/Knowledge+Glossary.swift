extension Knowledge {
    /// Words that people meet, by the term in lower case.
    public static let glossary: [String: GlossaryEntry] = Dictionary(
        uniqueKeysWithValues: (Glossary.body + Glossary.pictures + Glossary.illnesses + Glossary.tests
            + Glossary.numbers).map { ($0.term.lowercased(), $0) })
}
