public import Domain
public import Foundation
import GRDB
public import Workflows

/// Conversations in SQLite.
public struct SQLiteConversationStore: ConversationStore {
    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func insert(_ conversation: Conversation, limit: Int) async throws(Fault) {
        try await database.write { database in
            let session = conversation.sessionID.description
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM conversations WHERE session_id = ?", arguments: [session])
            guard count ?? 0 < limit else { throw Fault.tooManyConversations(limit: limit) }
            let exists = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)", arguments: [session])
            guard exists == true else { throw Fault.notFound }
            try database.execute(
                sql: """
                    INSERT INTO conversations (id, session_id, title, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    conversation.id.description, session, conversation.title, conversation.createdAt.stored,
                    conversation.updatedAt.stored,
                ])
        }
    }

    public func conversation(_ id: ConversationID, in session: SessionID) async throws(Fault) -> Conversation? {
        try await database.read { try Self.conversation(id, in: session, $0) }
    }

    public func conversations(
        in session: SessionID
    ) async throws(Fault) -> [(conversation: Conversation, messages: Int)] {
        try await database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT *, (SELECT count(*) FROM messages WHERE conversation_id = conversations.id) AS messages
                    FROM conversations WHERE session_id = ? ORDER BY updated_at DESC, id DESC
                    """, arguments: [session.description]
            ).map { (try Conversation($0), $0["messages"]) }
        }
    }

    public func rename(
        _ id: ConversationID, to title: String, in session: SessionID, at now: Date
    ) async throws(Fault) -> Conversation {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE conversations SET title = ?, updated_at = ? WHERE id = ? AND session_id = ?",
                arguments: [title, now.stored, id.description, session.description])
            guard let renamed = try Self.conversation(id, in: session, database) else { throw Fault.notFound }
            return renamed
        }
    }

    public func delete(_ id: ConversationID, in session: SessionID) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "DELETE FROM conversations WHERE id = ? AND session_id = ?",
                arguments: [id.description, session.description])
            guard database.changesCount == 1 else { throw Fault.notFound }
        }
        await database.emptyLog()
    }

    public func messages(of id: ConversationID, in session: SessionID) async throws(Fault) -> [ChatMessage] {
        try await database.read { database in
            try Row.fetchAll(database, sql: Self.byConversation, arguments: [id.description, session.description])
                .map(ChatMessage.init)
        }
    }

    static let byConversation = """
        SELECT messages.* FROM messages JOIN conversations ON conversations.id = conversation_id
        WHERE conversation_id = ? AND session_id = ? ORDER BY number
        """

    public func append(
        _ messages: [ChatMessage], replacingFrom first: Int?, title: String, in session: SessionID
    ) async throws(Fault) {
        guard let id = messages.first?.conversationID, let updatedAt = messages.last?.createdAt else { return }
        try await database.write { database in
            guard let conversation = try Self.conversation(id, in: session, database) else { throw Fault.notFound }
            if let first {
                try database.execute(
                    sql: "DELETE FROM messages WHERE conversation_id = ? AND number >= ?",
                    arguments: [id.description, first])
            }
            let last = try Int.fetchOne(
                database, sql: "SELECT max(number) FROM messages WHERE conversation_id = ?",
                arguments: [id.description])
            guard (last ?? 0) + 1 == messages.first?.number else { throw Fault.answerInProgress }
            for message in messages {
                try database.execute(
                    sql: """
                        INSERT INTO messages (id, conversation_id, number, created_at, state, content)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        message.id.description, id.description, message.number, message.createdAt.stored,
                        message.answer?.state.rawValue, try JSONColumn.encode(message.content),
                    ])
            }
            try database.execute(
                sql: "UPDATE conversations SET title = ?, updated_at = ? WHERE id = ?",
                arguments: [
                    conversation.title.isEmpty ? title : conversation.title, updatedAt.stored, id.description,
                ])
        }
    }

    public func update(_ message: ChatMessage) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE messages SET state = ?, content = ? WHERE id = ?",
                arguments: [
                    message.answer?.state.rawValue, try JSONColumn.encode(message.content), message.id.description,
                ])
        }
    }

    public func restoreInterruptedAnswers() async throws(Fault) {
        try await database.write { database in
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM messages WHERE state = 'writing'")
            for var message in try rows.map(ChatMessage.init) {
                guard case .answer(var answer) = message.content else { continue }
                answer.state = .interrupted
                message.content = .answer(answer)
                try database.execute(
                    sql: "UPDATE messages SET state = 'interrupted', content = ? WHERE id = ?",
                    arguments: [try JSONColumn.encode(message.content), message.id.description])
            }
        }
    }

    private static func conversation(
        _ id: ConversationID, in session: SessionID, _ database: Database
    ) throws -> Conversation? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM conversations WHERE id = ? AND session_id = ?",
            arguments: [id.description, session.description]
        ).map(Conversation.init)
    }
}

extension Conversation {
    init(_ row: Row) throws {
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"), title: row["title"],
            createdAt: Date(stored: row["created_at"]), updatedAt: Date(stored: row["updated_at"]))
    }
}

extension ChatMessage {
    fileprivate var answer: ChatAnswer? { if case .answer(let answer) = content { answer } else { nil } }

    init(_ row: Row) throws {
        self.init(
            id: try row.identifier("id"), conversationID: try row.identifier("conversation_id"),
            number: row["number"], createdAt: Date(stored: row["created_at"]),
            content: try JSONColumn.decode(Content.self, row["content"]))
    }
}
