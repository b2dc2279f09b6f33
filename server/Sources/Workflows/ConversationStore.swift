public import Domain
public import Foundation

/// Keeps conversations and what was said in them. A write is durable when it returns.
public protocol ConversationStore: Sendable {
    /// - Throws: ``Fault/tooManyConversations(limit:)``; ``Fault/notFound`` where there is no such session.
    func insert(_ conversation: Conversation, limit: Int) async throws(Fault)
    func conversation(_ id: ConversationID, in session: SessionID) async throws(Fault) -> Conversation?
    /// The newest first, with the number of messages of each.
    func conversations(in session: SessionID) async throws(Fault) -> [(conversation: Conversation, messages: Int)]
    /// - Throws: ``Fault/notFound``.
    func rename(
        _ id: ConversationID, to title: String, in session: SessionID, at now: Date
    ) async throws(Fault) -> Conversation
    /// Removes the conversation with all its messages.
    ///
    /// - Throws: ``Fault/notFound``.
    func delete(_ id: ConversationID, in session: SessionID) async throws(Fault)
    /// In the order in which they were said.
    func messages(of id: ConversationID, in session: SessionID) async throws(Fault) -> [ChatMessage]
    /// Adds an exchange at the end, in one transaction.
    ///
    /// - Parameters:
    ///   - first: the message that goes, and all after it; nil for none.
    ///   - title: for a conversation that has none yet.
    /// - Throws: ``Fault/notFound`` where the conversation is gone; ``Fault/answerInProgress`` where its end is another
    ///   than the one that the messages were numbered for.
    func append(
        _ messages: [ChatMessage], replacingFrom first: Int?, title: String, in session: SessionID
    ) async throws(Fault)
    /// Writes an answer that ended. Where it is gone, nothing happens.
    func update(_ message: ChatMessage) async throws(Fault)
    /// At the start: answers that were being written when the last process ended are interrupted ones.
    func restoreInterruptedAnswers() async throws(Fault)
}
