import AuditTrail
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// The queue and the workers, on the operators' listener. A session is named by its pseudonym in the audit trail.
struct QueueAdminRoutes: Sendable {
    let queue: AnalysisQueue
    let board: ProgressBoard
    let engine: any PictureEngine
    let audit: any Audit

    func add(to admin: RouterGroup<AppContext>) {
        admin.get("queue", use: show)
        admin.post("queue/pause") { _, _ in try await set(.paused, .queuePaused) }
        admin.post("queue/resume") { _, _ in try await set(.running, .queueResumed) }
        admin.post("queue/drain") { _, _ in try await set(.draining, .queueDrained) }
        admin.post("analyses/:analysis/requeue", use: requeue)
        admin.get("workers", use: workers)
    }

    private struct QueueBody: Encodable {
        struct Waiting: Encodable {
            var id: AnalysisID
            var session: String
            var acuity: AcuityLevel
            var position: Int
            var queuedAt: Date
            /// Until it probably begins; not there while nobody knows.
            var estimatedSeconds: Int?
            /// Not there unless it was put off.
            var notBefore: Date?
            var attempt: Int
        }

        struct Running: Encodable {
            var id: AnalysisID
            var session: String
            var acuity: AcuityLevel
            var state: Analysis.State
            var attempt: Int
        }

        struct Dead: Encodable {
            var id: AnalysisID
            var session: String
            var attempts: Int
            var code: String
            var diedAt: Date
        }

        var state: QueueControl.State
        var waiting: [Waiting]
        var running: [Running]
        var dead: [Dead]

        init(_ overview: AnalysisQueue.Overview, board: ProgressBoard) {
            state = overview.state
            waiting = overview.waiting.enumerated().map { index, place in
                let (analysis, seconds) = place
                return Waiting(
                    id: analysis.id, session: AuditLine.pseudonym(of: analysis.session), acuity: analysis.priority,
                    position: index + 1, queuedAt: analysis.queuedAt, estimatedSeconds: seconds,
                    notBefore: analysis.notBefore.timeIntervalSince1970 > 0 ? analysis.notBefore : nil,
                    attempt: analysis.attempt)
            }
            running = overview.running.map {
                Running(
                    id: $0.id, session: AuditLine.pseudonym(of: $0.session), acuity: $0.priority,
                    state: board.current($0.id)?.state ?? .decoding, attempt: $0.attempt)
            }
            dead = overview.dead.map {
                Dead(
                    id: $0.id, session: AuditLine.pseudonym(of: $0.session), attempts: $0.attempts, code: $0.code,
                    diedAt: $0.diedAt)
            }
        }
    }

    private struct RequeuedBody: Encodable {
        var id: AnalysisID
        var state: Analysis.State
        var attempt: Int
    }

    private struct WorkersBody: Encodable {
        var waiting: Int
        var workers: [EngineWorker]
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        try await response()
    }

    private func set(_ state: QueueControl.State, _ event: AuditEvent) async throws -> Response {
        try await queue.set(state)
        audit.record(event)
        return try await response()
    }

    private func response() async throws -> Response {
        try JSON.response(QueueBody(try await queue.overview(), board: board))
    }

    @Sendable private func requeue(_ request: Request, context: AppContext) async throws -> Response {
        let id: AnalysisID = try context.identifier("analysis")
        let analysis = try await queue.requeue(id)
        // By the operator who asked, in the record of the person whose analysis it is.
        var actor = AuditActor.current
        actor.session = analysis.sessionID
        AuditActor.$current.withValue(actor) { audit.record(.analysisRequeued, on: "analysis:\(id)") }
        return try JSON.response(
            RequeuedBody(id: id, state: analysis.state, attempt: analysis.attempt), status: .accepted)
    }

    @Sendable private func workers(_ request: Request, context: AppContext) async throws -> Response {
        let status = await engine.workers()
        return try JSON.response(WorkersBody(waiting: status.waiting, workers: status.workers))
    }
}
