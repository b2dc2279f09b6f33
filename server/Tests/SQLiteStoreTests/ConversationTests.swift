import Domain
import Foundation
import Testing
import Workflows

@testable import SQLiteStore

@Suite("Conversations in SQLite")
struct ConversationTests {
    private static let answer = ChatAnswer(
        state: .writing, speaker: .library,
        sentences: [AnswerSentence("Said.", evidence: [Evidence(.record, "acuity", label: "urgency")])],
        intent: "urgency", acuity: .soon)

    private static func messages(in conversation: Conversation, from number: Int) -> [ChatMessage] {
        let contents: [ChatMessage.Content] = [.question("Why “soon”? \(number)"), .answer(answer)]
        return contents.enumerated().map { offset, content in
            ChatMessage(
                id: .make(at: Fixture.start), conversationID: conversation.id, number: number + offset,
                createdAt: Fixture.start, content: content)
        }
    }

    private static func conversation(
        in session: Session, _ store: SQLiteConversationStore, title: String = "", limit: Int = 3
    ) async throws -> Conversation {
        let conversation = Conversation(
            id: .make(at: Fixture.start), sessionID: session.id, title: title, createdAt: Fixture.start,
            updatedAt: Fixture.start)
        try await store.insert(conversation, limit: limit)
        return conversation
    }

    @Test("What was said comes back as it was, in order, and the first question gives the title")
    func keeping() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteConversationStore(fixture.database)
        let conversation = try await Self.conversation(in: fixture.session, store)
        let said = Self.messages(in: conversation, from: 1)
        try await store.append(said, replacingFrom: nil, title: "Why soon?", in: fixture.session.id)
        let more = Self.messages(in: conversation, from: 3)
        try await store.append(more, replacingFrom: nil, title: "Another", in: fixture.session.id)
        #expect(try await store.messages(of: conversation.id, in: fixture.session.id) == said + more)
        let listed = try await store.conversations(in: fixture.session.id)
        #expect(listed.map(\.conversation.title) == ["Why soon?"])
        #expect(listed.map(\.messages) == [4])
    }

    @Test("A question that takes another's place removes all after it, in the same transaction")
    func replacing() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteConversationStore(fixture.database)
        let conversation = try await Self.conversation(in: fixture.session, store)
        for number in [1, 3] {
            try await store.append(
                Self.messages(in: conversation, from: number), replacingFrom: nil, title: "t", in: fixture.session.id)
        }
        let again = Self.messages(in: conversation, from: 1)
        try await store.append(again, replacingFrom: 1, title: "t", in: fixture.session.id)
        #expect(try await store.messages(of: conversation.id, in: fixture.session.id) == again)
        await #expect(throws: Fault.self, "Numbered for an end that is gone, and nothing is removed") {
            try await store.append(
                Self.messages(in: conversation, from: 7), replacingFrom: 2, title: "t", in: fixture.session.id)
        }
        #expect(try await store.messages(of: conversation.id, in: fixture.session.id) == again)
    }

    @Test("Nothing is found, changed or removed under another session; erasing takes all with it")
    func isolation() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteConversationStore(fixture.database)
        let conversation = try await Self.conversation(in: fixture.session, store)
        let said = Self.messages(in: conversation, from: 1)
        try await store.append(said, replacingFrom: nil, title: "t", in: fixture.session.id)
        let other = Fixture.makeSession()
        try await fixture.sessions.insert(other, tokenHash: [2], wrappedKey: [8])
        #expect(try await store.conversation(conversation.id, in: other.id) == nil)
        #expect(try await store.messages(of: conversation.id, in: other.id).isEmpty)
        #expect(try await store.conversations(in: other.id).isEmpty)
        await #expect(throws: Fault.self) { try await store.delete(conversation.id, in: other.id) }
        await #expect(throws: Fault.self) {
            try await store.rename(conversation.id, to: "mine", in: other.id, at: Fixture.start)
        }
        await #expect(throws: Fault.self) {
            try await store.append(
                Self.messages(in: conversation, from: 3), replacingFrom: nil, title: "t", in: other.id)
        }
        _ = try await fixture.sessions.erase(fixture.session.id)
        #expect(try await fixture.pragma("foreign_key_check") == nil)
        #expect(try await store.messages(of: conversation.id, in: fixture.session.id).isEmpty)
    }

    @Test("A session holds so many conversations")
    func limit() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteConversationStore(fixture.database)
        for _ in 0..<2 { _ = try await Self.conversation(in: fixture.session, store, limit: 2) }
        await #expect(throws: Fault.self) { try await Self.conversation(in: fixture.session, store, limit: 2) }
    }

    @Test("An answer that was being written when the server ended is interrupted, and keeps the library's words")
    func restart() async throws {
        let fixture = try await Fixture()
        defer { fixture.remove() }
        let store = SQLiteConversationStore(fixture.database)
        let conversation = try await Self.conversation(in: fixture.session, store)
        var said = Self.messages(in: conversation, from: 1)
        try await store.append(said, replacingFrom: nil, title: "t", in: fixture.session.id)
        try await store.restoreInterruptedAnswers()
        var interrupted = Self.answer
        interrupted.state = .interrupted
        said[1].content = .answer(interrupted)
        #expect(try await store.messages(of: conversation.id, in: fixture.session.id) == said)
        #expect(try await fixture.plan(of: "messages").contains("USING INDEX"))
    }
}
