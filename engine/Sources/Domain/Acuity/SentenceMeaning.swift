import Foundation

/// Raises what the rules say of a text by its meaning: one linear layer over the embedding of the sentence.
///
/// It only ever raises. The weights were fitted on sentences that people wrote for it, see `tools/acuity/README.md`.
public struct SentenceMeaning: Sendable {
    /// From this probability on a text counts as an emergency, or as urgent.
    public static let emergencyThreshold: Float = 0.65
    public static let urgentThreshold: Float = 0.5

    public init() {}

    /// - Parameter embedding: of all-MiniLM-L6-v2, unit length.
    /// - Returns: 0...1, or nil where the embedding has another size.
    public func probability(_ embedding: [Float]) -> Float? {
        guard embedding.count == Self.weights.count else { return nil }
        let sum = zip(embedding, Self.weights).reduce(Self.bias) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exp(-sum))
    }

    /// The reasons of a text, given those that the rules found.
    ///
    /// - Parameter isSetAside: whether the rules saw a sign only to find that it isn't there; then meaning, which hardly
    ///   sees a "not", may say urgent and no more.
    public func reasons(
        _ embedding: [Float], field: String?, isSetAside: Bool
    ) -> [AcuityReason] {
        guard let probability = probability(embedding) else { return [] }
        if probability >= Self.emergencyThreshold, !isSetAside {
            return [DangerSign.meaning.reason(.emergency, field: field)]
        }
        if probability >= (isSetAside ? Self.emergencyThreshold : Self.urgentThreshold) {
            return [DangerSign.meaning.reason(.urgent, field: field)]
        }
        return []
    }
}
