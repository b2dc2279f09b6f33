import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// Whether the process lives, whether it can serve, and whether its model does what it did when its package was made.
struct HealthRoutes: Sendable {
    let watching: Watching
    /// What runs here; results and reports are still given out when it is withdrawn.
    let manifest: ModelManifest
    let studies: any WithdrawalStore
    let operators: any OperatorAccess

    /// Whether, and not why: what is wrong is nobody's business but the operators'.
    func addForAll(to router: Router<AppContext>) {
        router.get("health/live") { _, _ in try JSON.response(Live()) }
        router.get("health/ready") { _, _ in
            let isReady = await watching.checks().allSatisfy { $0.trouble == nil }
            return try JSON.response(
                Readiness(status: isReady ? "ready" : "not ready"), status: isReady ? .ok : .serviceUnavailable)
        }
        router.get("health/clinical") { _, _ in
            let report = watching.clinical.report
            return try JSON.response(
                Drift(status: report.status, analyses: report.analyses),
                status: report.analyses == .running ? .ok : .serviceUnavailable)
        }
    }

    func addForOperators(to router: Router<AppContext>) {
        router.get("health/live") { _, _ in try JSON.response(Live()) }
        router.get("health/ready", use: ready)
        router.get("health/clinical", use: clinical)
    }

    private struct Live: Encodable {
        var status = "live"
    }

    private struct Readiness: Encodable {
        var status: String
    }

    private struct Drift: Encodable {
        var status: ClinicalReport.Status
        var analyses: ClinicalReport.Analyses
    }

    private struct Ready: Encodable {
        struct Check: Encodable {
            var name: String
            var status: String
            var detail: String?
        }

        var status: String
        /// All that was looked at.
        var checks: [Check]
        /// What is wrong, by part.
        var troubles: [String: String]
        /// What people should know though requests are served, by part.
        var warnings: [String: String]?
    }

    @Sendable private func ready(_ request: Request, context: AppContext) async throws -> Response {
        let checks = await watching.checks()
        let troubles = Dictionary(
            checks.compactMap { check in check.trouble.map { (check.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        var warnings: [String: String] = [:]
        // Where the database doesn't answer, that is told as its trouble, and nothing waits for it once more.
        if troubles["database"] == nil, let withdrawal = try? await studies.withdrawal(of: manifest) {
            warnings["model"] =
                "\(withdrawal.model) \(withdrawal.version) is withdrawn, so that nothing is analysed: \(withdrawal.reason)"
        }
        // No reason to serve nobody else.
        if await operators.trouble() != nil {
            warnings["operators"] =
                "A file of the operators can't be used, so that some of them can't come in; see the log."
        }
        let report = watching.clinical.report
        if report.analyses == .paused {
            warnings["clinical"] =
                "The golden pictures: \(report.status.rawValue). New analyses wait; see /health/clinical."
        }
        return try JSON.response(
            Ready(
                status: troubles.isEmpty ? "ready" : "not ready",
                checks: checks.map {
                    Ready.Check(name: $0.name, status: $0.trouble == nil ? "ok" : "failed", detail: $0.trouble)
                },
                troubles: troubles, warnings: warnings.isEmpty ? nil : warnings),
            status: troubles.isEmpty ? .ok : .serviceUnavailable)
    }

    @Sendable private func clinical(_ request: Request, context: AppContext) async throws -> Response {
        let report = watching.clinical.report
        return try JSON.response(report, status: report.analyses == .running ? .ok : .serviceUnavailable)
    }
}
