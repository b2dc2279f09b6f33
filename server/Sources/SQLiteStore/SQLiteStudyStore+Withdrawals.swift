public import Domain
import Foundation
import GRDB
public import Workflows

/// Versions of models that must not be used any more. They belong to no session, and outlive all.
extension SQLiteStudyStore {
    public func withdraw(
        _ withdrawal: ModelWithdrawal
    ) async throws(Fault) -> (withdrawal: ModelWithdrawal, isNew: Bool) {
        try await database.write { database in
            try database.execute(
                sql: """
                    INSERT INTO model_withdrawals (model, version, reason, withdrawn_by, withdrawn_at)
                    VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    withdrawal.model, withdrawal.version, withdrawal.reason, withdrawal.by, withdrawal.at.stored,
                ])
            let isNew = database.changesCount == 1
            let kept = try Self.withdrawal(of: withdrawal.model, version: withdrawal.version, database)
            return (kept ?? withdrawal, isNew)
        }
    }

    public func withdrawal(of model: String, version: String) async throws(Fault) -> ModelWithdrawal? {
        try database.lookUp { try Self.withdrawal(of: model, version: version, $0) }
    }

    public func withdrawals() async throws(Fault) -> [ModelWithdrawal] {
        // There are as many as versions of a model that were found to be wrong.
        try database.lookUp { database in
            try database.rows("SELECT * FROM model_withdrawals ORDER BY withdrawn_at DESC, model, version")
                .map(ModelWithdrawal.init)
        }
    }

    public func reports(of model: String, version: String) async throws(Fault) -> [AffectedReport] {
        try await database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT reports.id, reports.created_at, audience FROM reports JOIN analyses ON analyses.id = analysis_id
                    WHERE \(Self.isByVersion) ORDER BY reports.created_at DESC, reports.id DESC
                    """,
                arguments: [model, version]
            ).map { row in
                guard let audience = Report.Audience(rawValue: row["audience"]) else {
                    throw UnreadableRow(column: "audience")
                }
                return AffectedReport(
                    id: try row.identifier("id"), createdAt: Date(stored: row["created_at"]), audience: audience)
            }
        }
    }

    public func hasResults(of model: String, version: String) async throws(Fault) -> Bool {
        try await database.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM analyses WHERE \(Self.isByVersion))",
                arguments: [model, version]) ?? false
        }
    }

    private static let isByVersion = "analyses.model = ? AND analyses.model_version = ?"

    private static func withdrawal(
        of model: String, version: String, _ database: Database
    ) throws -> ModelWithdrawal? {
        try database.row("SELECT * FROM model_withdrawals WHERE model = ? AND version = ?", [model, version])
            .map { ModelWithdrawal($0) }
    }
}
