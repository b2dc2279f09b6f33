internal import AsyncHTTPClient
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Asks one endpoint now and then whether it is there.
///
/// It asks `/health`, and `/v1/models` where there is no such thing. An endpoint that is writing an answer isn't asked:
/// some servers answer one request at a time, and the answer is proof enough.
struct HealthWatch: Sendable {
    /// How often: all is well; something is wrong.
    struct Pace: Sendable, Equatable {
        var healthy: Duration = .seconds(15)
        var unhealthy: Duration = .seconds(2)
    }

    let client: HTTPClient
    let state: EndpointState
    let pace: Pace
    let patience: Duration
    let logger: Logger

    /// Returns when the task is cancelled.
    ///
    /// - Parameter arrived: called whenever the endpoint is there that wasn't before.
    func run(arrived: () async -> Void = {}) async {
        while !Task.isCancelled {
            if state.gate.taken == 0, await check() { await arrived() }
            do {
                try await Task.sleep(for: state.isHealthy == false ? pace.unhealthy : pace.healthy)
            } catch {
                return
            }
        }
    }

    /// Asks once.
    ///
    /// - Returns: whether it is there and wasn't before.
    @discardableResult
    func check() async -> Bool {
        var status = await get(state.endpoint.health)
        if let answered = status, [404, 405, 501].contains(answered) { status = await get(state.endpoint.models) }
        if Task.isCancelled { return false }
        let isHealthy = status.map { (200..<300).contains($0) } ?? false
        // An answer that has begun meanwhile may be why the check had none.
        guard isHealthy || state.gate.taken == 0, state.found(healthy: isHealthy) else { return false }
        logger.notice(
            "A language model's endpoint \(isHealthy ? "is there" : "is not there")",
            metadata: ["endpoint": "\(state.role.rawValue)", "status": "\(status.map(String.init) ?? "none")"])
        return isHealthy
    }

    private func get(_ address: String) async -> Int? {
        var request = HTTPClientRequest(url: address)
        request.authorize(with: state.endpoint.token)
        guard let response = try? await client.execute(request, timeout: TimeAmount(patience)) else { return nil }
        // Read to its end, so that the connection can be used again; a long one is let go.
        _ = try? await response.body.collect(upTo: 65_536)
        return Int(response.status.code)
    }
}
