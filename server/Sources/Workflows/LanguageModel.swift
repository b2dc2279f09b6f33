/// An open-weight language model that an operator runs, behind an interface that streams.
public protocol LanguageModel: Sendable {
    /// As it is shown in the chat's header.
    var name: String { get }
    /// Streams the answer as pieces of text, as they come.
    ///
    /// The stream throws ``LanguageModelFault`` and nothing else. Whoever stops reading stops the generation at the
    /// model.
    func reply(to prompt: ChatPrompt) -> AsyncThrowingStream<String, any Error>
    /// Whether an endpoint would be asked now.
    func isAvailable() async -> Bool
}

/// What a language model is given.
public struct ChatPrompt: Sendable, Equatable {
    public struct Turn: Sendable, Equatable {
        public enum Role: String, Sendable { case user, assistant }

        public var role: Role
        public var text: String

        public init(_ role: Role, _ text: String) {
            self.role = role
            self.text = text
        }
    }

    /// The same for all turns of a conversation, so that a server can keep it warm.
    public var system: String
    /// Ends with the question.
    public var turns: [Turn]
    /// Most tokens of the answer.
    public var tokenLimit: Int

    public init(system: String, turns: [Turn], tokenLimit: Int) {
        self.system = system
        self.turns = turns
        self.tokenLimit = tokenLimit
    }
}

/// Why a language model gave no whole answer.
public enum LanguageModelFault: Error, Sendable, Equatable {
    case unreachable
    /// The status that it answered with.
    case refused(Int)
    case silent
    case garbled
    case cutOff
    case looping
    case empty
    /// Every endpoint is shut or has no free slot.
    case busy
}
