import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Observability
import Workflows

/// Errors, alerts, the last hour and the model's check, on the operators' listener.
struct WatchAdminRoutes: Sendable {
    let watching: Watching

    func add(to admin: RouterGroup<AppContext>) {
        admin.get("errors", use: errors)
        admin.post("errors/:fingerprint/resolve", use: resolve)
        admin.get("alerts", use: alerts)
        admin.post("alerts/:alert/silence", use: silence)
        admin.get("overview", use: overview)
        admin.get("model/check") { [watching] _, _ in try JSON.response(watching.clinical.report) }
        admin.post("model/check") { [watching] _, _ in try JSON.response(await watching.clinical.check()) }
    }

    // MARK: - Errors

    private struct ErrorBody: Encodable {
        var fingerprint: String
        var origin: String
        var message: String
        var count: Int
        var firstSeen: Date
        var lastSeen: Date
        var requestIds: [String]
        var resolvedAt: Date?

        init(_ group: ErrorGroup) {
            fingerprint = group.fingerprint
            origin = group.origin
            message = group.message
            count = group.count
            firstSeen = group.firstSeen
            lastSeen = group.lastSeen
            requestIds = group.requestIDs
            resolvedAt = group.resolvedAt
        }
    }

    private struct ErrorsBody: Encodable {
        var errors: [ErrorBody]
    }

    @Sendable private func errors(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(ErrorsBody(errors: watching.errors.all.map(ErrorBody.init)))
    }

    @Sendable private func resolve(_ request: Request, context: AppContext) async throws -> Response {
        guard let fingerprint = context.parameters.get("fingerprint"),
            let group = watching.errors.resolve(fingerprint, at: watching.now())
        else { throw Fault.notFound }
        return try JSON.response(ErrorBody(group))
    }

    // MARK: - Alerts

    private struct AlertBody: Encodable {
        var id: String
        /// `inactive`, `pending`, `firing` or `resolved`.
        var state: String
        var severity: AlertRule.Severity
        var text: String
        var signal: AlertSignal
        var comparison: AlertRule.Comparison
        var threshold: Double
        var since: Date?
        var value: Double?
        var runbook: String
        var silencedUntil: Date?
        var silenceReason: String?

        init(_ entry: AlertDesk.Entry, at now: Date) {
            id = entry.rule.id
            state = entry.alert?.state.rawValue ?? "inactive"
            severity = entry.rule.severity
            text = entry.rule.text
            signal = entry.rule.signal
            comparison = entry.rule.comparison
            threshold = entry.rule.threshold
            since = entry.alert?.since
            value = entry.alert?.value
            runbook = entry.rule.runbook
            if let silence = entry.alert?.silence, silence.until > now {
                silencedUntil = silence.until
                silenceReason = silence.reason
            }
        }
    }

    private struct AlertsBody: Encodable {
        var alerts: [AlertBody]
    }

    private struct NewSilence: Decodable {
        /// 0 ends a silence.
        var minutes: Int
        var reason: String
    }

    private static let longestSilence = 7 * 24 * 60

    @Sendable private func alerts(_ request: Request, context: AppContext) async throws -> Response {
        let now = watching.now()
        return try JSON.response(AlertsBody(alerts: watching.alerts.all.map { AlertBody($0, at: now) }))
    }

    @Sendable private func silence(_ request: Request, context: AppContext) async throws -> Response {
        let new = try await JSON.decode(NewSilence.self, from: request)
        guard (0...Self.longestSilence).contains(new.minutes) else {
            throw Problem(
                .validationFailed, "One field is not right. Nothing was saved.",
                faults: [
                    FieldFault(
                        pointer: "/minutes", code: .outOfRange, detail: "This must be from 0 to \(Self.longestSilence)."
                    )
                ])
        }
        let reason = new.reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty, reason.count <= 200 else {
            throw Problem(
                .validationFailed, "One field is not right. Nothing was saved.",
                faults: [FieldFault(pointer: "/reason", code: .required, detail: "Say why, in at most 200 characters.")]
            )
        }
        let now = watching.now()
        let silence = Alert.Silence(until: now + Double(new.minutes * 60), reason: reason)
        guard let id = context.parameters.get("alert"), let entry = watching.alerts.silence(id, silence, at: now) else {
            throw Fault.notFound
        }
        return try JSON.response(AlertBody(entry, at: now))
    }

    // MARK: - The last hour

    private struct PointBody: Encodable {
        var at: Date
        var requests: Int
        var errors: Int
        var p50: Double?
        var p95: Double?
        var p99: Double?
        var queued: Int?
        var running: Int?
        var residentBytes: Double?
        var eventStreams: Int?

        init(_ point: Overview.Point) {
            at = point.at
            requests = point.requests
            errors = point.errors
            p50 = point.p50
            p95 = point.p95
            p99 = point.p99
            queued = point.gauges?.queued
            running = point.gauges?.running
            residentBytes = point.gauges?.residentBytes
            eventStreams = point.gauges?.eventStreams
        }
    }

    private struct OverviewBody: Encodable {
        var now: Date
        /// Seconds that one point stands for.
        var bucketSeconds: Int
        /// Oldest first. Ten seconds without a request and without a sample have no point.
        var points: [PointBody]
    }

    @Sendable private func overview(_ request: Request, context: AppContext) async throws -> Response {
        let now = watching.now()
        return try JSON.response(
            OverviewBody(
                now: now, bucketSeconds: Overview.width, points: watching.overview.points(at: now).map(PointBody.init)))
    }
}
