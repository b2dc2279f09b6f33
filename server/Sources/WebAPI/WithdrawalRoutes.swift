import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// Withdrawing versions of models, on the operators' listener.
struct WithdrawalRoutes: Sendable {
    let withdraw: WithdrawModel

    func add(to admin: RouterGroup<AppContext>) {
        admin.get("models/withdrawals", use: list)
        admin.post("models/:model/:version/withdraw", use: create)
    }

    private struct NewWithdrawal: Decodable {
        var reason: String
    }

    private struct Body: Encodable {
        struct UsedBy: Encodable {
            var id: ReportID
            var createdAt: Date
            var audience: Report.Audience
        }

        var model: String
        var version: String
        var reason: String
        var by: String
        var at: Date
        /// The reports that used it.
        var reports: [UsedBy]

        init(_ withdrawn: WithdrawModel.Withdrawn) {
            model = withdrawn.withdrawal.model
            version = withdrawn.withdrawal.version
            reason = withdrawn.withdrawal.reason
            by = withdrawn.withdrawal.by
            at = withdrawn.withdrawal.at
            reports = withdrawn.reports.map { UsedBy(id: $0.id, createdAt: $0.createdAt, audience: $0.audience) }
        }
    }

    private struct ListBody: Encodable {
        var withdrawals: [Body]
    }

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(ListBody(withdrawals: try await withdraw.list().map { Body($0) }))
    }

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        guard let model = context.parameters.get("model")?.removingPercentEncoding,
            let version = context.parameters.get("version")?.removingPercentEncoding
        else { throw Fault.notFound }
        let new = try await JSON.decode(NewWithdrawal.self, from: request)
        let withdrawn = try await withdraw(
            model, version: version, because: new.reason, by: try context.operatorAdmitted.person.name)
        return try JSON.response(Body(withdrawn), status: withdrawn.isNew ? .created : .ok)
    }
}

/// What a client is told of a withdrawn version.
struct WithdrawnBody: Encodable {
    var reason: String
    var at: Date

    init(_ withdrawal: ModelWithdrawal) {
        reason = withdrawal.reason
        at = withdrawal.at
    }
}

/// All withdrawn versions, as of one moment; there are few.
struct WithdrawnModels: Sendable {
    private let all: [ModelWithdrawal]

    init(in studies: any WithdrawalStore) async throws(Fault) {
        all = try await studies.withdrawals()
    }

    func body(of model: AnalysisResult.Model) -> WithdrawnBody? {
        all.first { $0.model == model.id && $0.version == model.version }.map { WithdrawnBody($0) }
    }
}
