import Assistant
import Synchronization

/// Remembers the vectors of the questions that the program itself proposes, which are asked by a press of a button and in
/// the same words by everybody. What a person types in other words is encoded each time, and nothing of it is kept.
public final class ProposedQuestions: SentenceEncoding {
    private let encoder: any SentenceEncoding
    private let vectors = Mutex<[String: [Float]]>([:])

    private static let all = Set(Intent.allCases.map { Knowledge.question($0) })

    public init(encoder: any SentenceEncoding) {
        self.encoder = encoder
    }

    public func encode(_ text: String) async -> [Float]? {
        guard Self.all.contains(text) else { return await encoder.encode(text) }
        if let vector = vectors.withLock({ $0[text] }) { return vector }
        // That there is none now says nothing about later.
        guard let vector = await encoder.encode(text) else { return nil }
        vectors.withLock { $0[text] = vector }
        return vector
    }
}
