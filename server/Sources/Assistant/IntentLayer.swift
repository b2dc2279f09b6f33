import Foundation

/// Tells what a question asks for by its meaning: one linear layer over the embedding of the question.
///
/// The weights were fitted on example questions, see `tools/assistant/README.md`. It knows nothing of rules; where a
/// wrong guess would harm, `IntentRouter` asks those first.
public struct IntentLayer: Sendable {
    /// Numbers in one embedding.
    static let width = 384

    /// One weight vector of ``width`` numbers an intent, one after another, as Base64 held them.
    private static let rows: [Float] = decoded()
    private static let intents: [Intent] = names.compactMap { Intent(rawValue: $0) }

    public init() {}

    /// How likely it is that a question asks for each intent.
    ///
    /// - Parameter embedding: of all-MiniLM-L6-v2, ``width`` numbers of unit length.
    /// - Returns: probabilities (0...1, sum 1), best first; empty where the embedding has another size.
    public func ranking(_ embedding: [Float]) -> [(intent: Intent, probability: Float)] {
        let (rows, intents) = (Self.rows, Self.intents)
        guard embedding.count == Self.width, rows.count == intents.count * Self.width else { return [] }
        let sums = rows.withUnsafeBufferPointer { rows in
            embedding.withUnsafeBufferPointer { embedding in
                intents.indices.map { index in
                    var sum: Float = 0
                    let start = index * Self.width
                    for column in 0..<Self.width { sum += rows[start + column] * embedding[column] }
                    return sum + Self.biases[index]
                }
            }
        }
        guard let largest = sums.max(), largest.isFinite else { return [] }
        let powers = sums.map { exp($0 - largest) }
        let total = powers.reduce(0, +)
        return zip(intents, powers).map { (intent: $0, probability: $1 / total) }
            .sorted { $0.probability > $1.probability }
    }

    private static func decoded() -> [Float] {
        guard let bytes = Data(base64Encoded: encodedRows, options: .ignoreUnknownCharacters),
            bytes.count == scales.count * width
        else { return [] }
        return bytes.enumerated().map { Float(Int8(bitPattern: $1)) * scales[$0 / width] }
    }
}
