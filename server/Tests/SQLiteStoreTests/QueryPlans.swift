import GRDB

@testable import SQLiteStore

extension Fixture {
    /// How SQLite would run a hot query.
    func plan(of name: String) async throws -> String {
        let queries = [
            "next": SQLiteStudyStore.nextWaiting, "token": SQLiteSessionStore.byToken,
            "ended": SQLiteSessionStore.endedSessions, "text": SQLiteStudyStore.withoutText,
            "messages": SQLiteConversationStore.byConversation,
        ]
        return try await plan(ofQuery: queries[name] ?? "")
    }

    func plan(ofQuery sql: String) async throws -> String {
        try await database.read { database in
            let arguments = StatementArguments(Array(repeating: 1, count: sql.count { $0 == "?" }))
            return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                .map { ($0["detail"] as String) + "\n" }.joined()
        }
    }

    func pragma(_ name: String) async throws -> String? {
        try await database.write { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    func execute(_ sql: String) async throws {
        try await database.write { try $0.execute(sql: sql) }
    }
}
