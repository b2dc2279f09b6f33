/// What a clinician's own words say of the findings that the model looks for, as far as a program can tell.
///
/// It only serves to say where the two differ. So what is hedged, of an earlier time, or said both ways is left out.
public struct ReadingClaims: Sendable, Equatable {
    /// Findings that the reading says are there.
    public var named: Set<String> = []
    /// Findings that the reading says are not there.
    public var denied: Set<String> = []
    /// Whether it says that nothing was seen at all.
    public var deniesAll = false

    public init(_ text: String) {
        var unsure: Set<String> = []
        for sentence in text.split(whereSeparator: { ".!\n\r".contains($0) }) {
            for part in Self.parts(of: Wording.words(of: String(sentence))) {
                let wording = Wording(words: part)
                let isHedged = wording.hasAny(Self.hedges)
                if !isHedged, wording.hasAny(Self.nothing) { deniesAll = true }
                for mention in wording.mentions where [.finding, .description].contains(mention.kind) {
                    if isHedged {
                        unsure.insert(mention.id)
                    } else if Self.isDenied(mention.range, in: part) {
                        denied.insert(mention.id)
                    } else {
                        named.insert(mention.id)
                    }
                }
            }
        }
        unsure.formUnion(named.intersection(denied))
        named.subtract(unsure)
        denied.subtract(unsure)
        if !named.isEmpty || !unsure.isEmpty { deniesAll = false }
    }

    /// Whether a reading and a mark of the model contradict each other in whether a finding is there.
    ///
    /// - Parameter id: of the model's head; one for children says what the one for adults does.
    public func contradicts(mark isMarked: Bool, of id: String) -> Bool {
        let id = id.hasSuffix("-child") ? String(id.dropLast("-child".count)) : id
        return isMarked ? denied.contains(id) || deniesAll : named.contains(id)
    }

    private static let turns: Set<String> = [";", ":", "but", "however", "although", "though", "except", "while"]

    private static func parts(of words: [String]) -> [[String]] {
        words.split { turns.contains($0) }.map(Array.init)
    }

    private static let hedges: [WordPattern] = [
        "possible|possibly|probable|probably|likely|suspected|suspicious|suspicion|query|questionable|unclear|equivocal",
        "may|might|could", "can not ~3 exclude|excluded|rule", "not ~2 exclude|excluded", "?",
        "previous|previously|prior|history|old|former|earlier|known", "if",
    ]
    private static let nothing: [WordPattern] = [
        "normal ~2 chest|study|film|xray|radiograph|examination",
        "chest|study|film|xray|radiograph ~2 is|appears normal",
        "unremarkable", "lungs|lung ~3 clear", "clear lungs", "no ~3 abnormality|abnormalities",
        "no ~2 acute|significant|relevant finding|findings|disease|process",
    ]
    private static let denials: Set<String> = [
        "no", "not", "without", "neither", "nor", "none", "free", "absence", "negative",
    ]
    private static let after: Set<String> = ["not", "absent", "excluded", "ruled", "negative"]

    private static func isDenied(_ range: Range<Int>, in words: [String]) -> Bool {
        words[..<range.lowerBound].contains(where: denials.contains)
            || words[range.upperBound...].prefix(4).contains(where: after.contains)
    }
}
