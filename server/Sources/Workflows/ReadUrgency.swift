public import Domain

/// Reads how urgent a text sounds: the rules decide, and its meaning may raise what they say.
public struct ReadUrgency: Sendable {
    /// nil where there is no sentence model: the rules stand alone then.
    let encoder: (any SentenceEncoding)?

    public init(encoder: (any SentenceEncoding)?) {
        self.encoder = encoder
    }

    /// What a message said.
    public struct Reading: Sendable {
        public var reasons: [AcuityReason]
        /// What the rules alone find in it.
        public var told: SentenceTriage.Reading
        /// nil where there is no sentence model.
        public var embedding: [Float]?

        /// What its own words ask for.
        public var level: AcuityLevel { reasons.map(\.level).max() ?? .routine }
    }

    public func callAsFunction(_ message: String) async -> Reading {
        // A worker is at it while the rules are held against the words here.
        async let encoding = encoder?.encode(message)
        let told = SentenceTriage()(message)
        let embedding = await encoding
        return Reading(
            reasons: told.reasons(field: nil) + meaning(beside: told, embedding, field: nil), told: told,
            embedding: embedding)
    }

    /// What the meaning of a text adds to the rules.
    func meaning(of text: String, field: String?) async -> [AcuityReason] {
        let told = SentenceTriage()(text)
        guard told.level < .emergency else { return [] }
        return meaning(beside: told, await encoder?.encode(text), field: field)
    }

    private func meaning(
        beside told: SentenceTriage.Reading, _ embedding: [Float]?, field: String?
    ) -> [AcuityReason] {
        guard told.level < .emergency, let embedding else { return [] }
        return SentenceMeaning().reasons(embedding, field: field, isSetAside: told.isSetAside)
            .filter { $0.level > told.level }
    }
}
