import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// Whether the process lives, and whether it can serve.
struct HealthRoutes: Sendable {
    let troubles: @Sendable () async -> [String: String]
    /// What runs here; results and reports are still given out when it is withdrawn.
    let manifest: ModelManifest
    let studies: any WithdrawalStore

    func add(to router: Router<AppContext>) {
        router.get("health/live") { _, _ in try JSON.response(Live()) }
        router.get("health/ready", use: ready)
    }

    private struct Live: Encodable {
        var status = "live"
    }

    private struct Ready: Encodable {
        var status: String
        /// What is wrong, by part.
        var troubles: [String: String]
        /// What people should know though requests are served, by part.
        var warnings: [String: String]?
    }

    @Sendable private func ready(_ request: Request, context: AppContext) async throws -> Response {
        let troubles = await troubles()
        // Where the database doesn't answer, that is told as its trouble.
        let withdrawal = try? await studies.withdrawal(of: manifest)
        let warnings = withdrawal.map {
            ["model": "\($0.model) \($0.version) is withdrawn, so that nothing is analysed: \($0.reason)"]
        }
        return try JSON.response(
            Ready(status: troubles.isEmpty ? "ready" : "not ready", troubles: troubles, warnings: warnings),
            status: troubles.isEmpty ? .ok : .serviceUnavailable)
    }
}
