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
        /// nil where there is no sentence model.
        public var embedding: [Float]?

        /// What its own words ask for.
        public var level: AcuityLevel { reasons.map(\.level).max() ?? .routine }
    }

    public func callAsFunction(_ message: String) async -> Reading {
        let embedding = await encoder?.encode(message)
        return Reading(
            reasons: SentenceTriage().reasons(in: message, field: nil) + meaning(of: message, embedding, field: nil),
            embedding: embedding)
    }

    /// What the meaning of a text adds to the rules.
    func meaning(of text: String, field: String?) async -> [AcuityReason] {
        guard SentenceTriage()(text).level < .emergency else { return [] }
        return meaning(of: text, await encoder?.encode(text), field: field)
    }

    private func meaning(of text: String, _ embedding: [Float]?, field: String?) -> [AcuityReason] {
        let reading = SentenceTriage()(text)
        guard reading.level < .emergency, let embedding else { return [] }
        return SentenceMeaning().reasons(embedding, field: field, isSetAside: reading.isSetAside)
            .filter { $0.level > reading.level }
    }
}
