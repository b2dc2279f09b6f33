import GRDB

@testable import SQLiteStore

extension Fixture {
    /// How SQLite would run a hot query.
    func plan(of name: String) async throws -> String {
        let queries = [
            "next": SQLiteStudyStore.nextWaiting, "token": SQLiteSessionStore.byToken,
            "text": SQLiteStudyStore.withoutText,
            "messages": SQLiteConversationStore.byConversation,
        ]
        return try await plan(ofQuery: queries[name] ?? "")
    }

    func plan(ofQuery sql: String) async throws -> String {
        try await database.read { database in
            let explained = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            explained.setUncheckedArguments(StatementArguments())
            return try Row.fetchAll(explained).map { ($0["detail"] as String) + "\n" }.joined()
        }
    }

    func pragma(_ name: String) async throws -> String? {
        try await database.write { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    func execute(_ sql: String) async throws {
        try await database.write { try $0.execute(sql: sql) }
    }
}
