public import Domain
public import Foundation
import GRDB
public import Workflows

/// Conversations in SQLite.
public struct SQLiteConversationStore: ConversationStore {
    private let database: SQLiteDatabase
    private var vault: RowVault { database.vault }

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func insert(_ conversation: Conversation, limit: Int) async throws(Fault) {
        try await database.write(making: conversation.id.description) { database in
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
                    conversation.id.description, session,
                    try vault.key(of: conversation.sessionID, database)
                        .seal(conversation.title, as: .title, row: conversation.id.description),
                    conversation.createdAt.stored, conversation.updatedAt.stored,
                ])
        }
    }

    public func conversation(_ id: ConversationID, in session: SessionID) async throws(Fault) -> Conversation? {
        try database.lookUp { try conversation(id, in: session, $0) }
    }

    public func conversations(
        in session: SessionID
    ) async throws(Fault) -> [(conversation: Conversation, messages: Int)] {
        try await database.read { database in
            let rows = try Row.fetchAll(database, sql: Self.bySession, arguments: [session.description])
            return try vault.open(rows, of: session, database) { (try Conversation($0, $1), $0["messages"]) }
        }
    }

    static let bySession = """
        SELECT *, (SELECT count(*) FROM messages WHERE conversation_id = conversations.id) AS messages
        FROM conversations WHERE session_id = ? ORDER BY updated_at DESC, id DESC
        """

    public func rename(
        _ id: ConversationID, to title: String, in session: SessionID, at now: Date
    ) async throws(Fault) -> Conversation {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE conversations SET title = ?, updated_at = ? WHERE id = ? AND session_id = ?",
                arguments: [
                    try vault.key(of: session, database).seal(title, as: .title, row: id.description), now.stored,
                    id.description, session.description,
                ])
            guard let renamed = try conversation(id, in: session, database) else { throw Fault.notFound }
            return renamed
        }
    }

    public func delete(_ id: ConversationID, in session: SessionID) async throws(Fault) {
        try await database.write { database in
            try database.execute(
                sql: "DELETE FROM conversations WHERE id = ? AND session_id = ?",
                arguments: [id.description, session.description])
            guard database.changesCount == 1 else { throw Fault.notFound }
            // It goes also where its session's key can't be had.
            guard let key = try? vault.key(of: session, database) else { return }
            try SQLiteIdempotencyStore.forget(answersAbout: [id.description], key, database)
        }
        await database.emptyLog()
    }

    public func messages(of id: ConversationID, in session: SessionID) async throws(Fault) -> [ChatMessage] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database, sql: Self.byConversation, arguments: [id.description, session.description])
            return try vault.open(rows, of: session, database, ChatMessage.init)
        }
    }

    static let byConversation = """
        SELECT messages.* FROM messages JOIN conversations ON conversations.id = conversation_id
        WHERE conversation_id = ? AND session_id = ? ORDER BY number
        """

    public func append(
        _ messages: [ChatMessage], replacingFrom first: Int?, title: String, in session: SessionID
    ) async throws(Fault) {
        guard let id = messages.first?.conversationID, let newest = messages.last else { return }
        let updatedAt = newest.createdAt
        // The answer: it is what finds the question too.
        try await database.write(making: newest.id.description) { database in
            guard let conversation = try conversation(id, in: session, database) else { throw Fault.notFound }
            let key = try vault.key(of: session, database)
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
                        message.answer?.state.rawValue,
                        try key.seal(json: message.content, as: .content, row: message.id.description),
                    ])
            }
            try database.execute(
                sql: "UPDATE conversations SET title = ?, updated_at = ? WHERE id = ?",
                arguments: [
                    try key.seal(
                        conversation.title.isEmpty ? title : conversation.title, as: .title, row: id.description),
                    updatedAt.stored, id.description,
                ])
        }
    }

    public func update(_ message: ChatMessage) async throws(Fault) {
        try await database.write { database in
            let owner = try String.fetchOne(
                database, sql: "SELECT session_id FROM conversations WHERE id = ?",
                arguments: [message.conversationID.description])
            guard let session = owner.flatMap({ SessionID($0) }) else { return }
            try write(message, with: try vault.key(of: session, database), database)
        }
    }

    private func write(_ message: ChatMessage, with key: RowKey, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE messages SET state = ?, content = ? WHERE id = ?",
            arguments: [
                message.answer?.state.rawValue,
                try key.seal(json: message.content, as: .content, row: message.id.description),
                message.id.description,
            ])
    }

    public func restoreInterruptedAnswers() async throws(Fault) {
        try await database.write { database in
            for row in try Row.fetchAll(database, sql: Self.beingWritten) {
                // One that can't be opened any more must not keep the server from starting.
                let opened = try? vault.open(row, database) { (message: try ChatMessage($0, $1), key: $1) }
                guard let opened, case .answer(var answer) = opened.message.content else {
                    try database.execute(
                        sql: "UPDATE messages SET state = 'interrupted' WHERE id = ?", arguments: [row["id"]])
                    continue
                }
                answer.state = .interrupted
                var message = opened.message
                message.content = .answer(answer)
                try write(message, with: opened.key, database)
            }
        }
    }

    static let beingWritten = """
        SELECT messages.*, session_id FROM messages JOIN conversations ON conversations.id = conversation_id
        WHERE messages.state = 'writing'
        """

    private func conversation(
        _ id: ConversationID, in session: SessionID, _ database: Database
    ) throws -> Conversation? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM conversations WHERE id = ? AND session_id = ?")
        let row = try Row.fetchOne(statement, arguments: [id.description, session.description])
        return try vault.open(row, of: session, database, Conversation.init)
    }
}

extension Conversation {
    init(_ row: Row, _ key: RowKey) throws {
        self.init(
            id: try row.identifier("id"), sessionID: try row.identifier("session_id"),
            title: try key.text(row, .title, id: row["id"]), createdAt: Date(stored: row["created_at"]),
            updatedAt: Date(stored: row["updated_at"]))
    }
}

extension ChatMessage {
    fileprivate var answer: ChatAnswer? { if case .answer(let answer) = content { answer } else { nil } }

    init(_ row: Row, _ key: RowKey) throws {
        self.init(
            id: try row.identifier("id"), conversationID: try row.identifier("conversation_id"),
            number: row["number"], createdAt: Date(stored: row["created_at"]),
            content: try key.json(Content.self, row, .content, id: row["id"]))
    }
}
