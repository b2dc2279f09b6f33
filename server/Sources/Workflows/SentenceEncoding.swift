/// Turns a text into a vector that lies near those of texts with a like meaning.
public protocol SentenceEncoding: Sendable {
    /// The embedding of all-MiniLM-L6-v2, unit length; nil where no sentence model is installed or it can't answer now.
    func encode(_ text: String) async -> [Float]?
}
