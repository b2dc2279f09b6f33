import Foundation
import HTTPTypes
import Hummingbird

/// Whether the process lives, and whether it can serve.
struct HealthRoutes: Sendable {
    let troubles: @Sendable () async -> [String: String]

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
    }

    @Sendable private func ready(_ request: Request, context: AppContext) async throws -> Response {
        let troubles = await troubles()
        return try JSON.response(
            Ready(status: troubles.isEmpty ? "ready" : "not ready", troubles: troubles),
            status: troubles.isEmpty ? .ok : .serviceUnavailable)
    }
}
