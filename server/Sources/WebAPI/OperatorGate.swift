import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Metrics
import Synchronization
public import Workflows

/// What the operators' addresses need of the rest.
public struct OperatorDesk: Sendable {
    public var access: any OperatorAccess
    public var store: any OperatorStore
    public var maintenance: MaintenanceSwitch

    public init(access: any OperatorAccess, store: any OperatorStore, maintenance: MaintenanceSwitch) {
        self.access = access
        self.store = store
        self.maintenance = maintenance
    }
}

/// Somebody who was let in, and as what for this request.
struct AdmittedOperator: Sendable {
    var person: Operator
    var role: Operator.Role
}

/// Who may do what under `/admin`. Everything that isn't named here is decided by its method.
enum AdminRights {
    /// The roles that may do it; the one that fits best comes first.
    static func roles(_ method: HTTPRequest.Method, _ pattern: String) -> [Operator.Role] {
        switch (method, pattern) {
        case (_, "admin/records/:session"), (_, "admin/records/:session/break-glass"): [.clinician]
        case (.post, "admin/sessions/:session/acuity"): [.clinician]
        case (.get, _), (.head, _): [.viewer, .operator, .clinician]
        default: [.operator]
        }
    }

    /// The pattern of a route as it is written here: without a slash before it, parameters with a colon.
    static func pattern(_ path: String?) -> String {
        (path ?? "").split(separator: "/").map { part in
            part.hasPrefix("{") ? ":" + part.dropFirst().dropLast() : String(part)
        }.joined(separator: "/")
    }
}

/// Lets only those pass who show who they are (RFC 6750) and may do what they ask for. Who shows nothing learns nothing,
/// not even which addresses there are.
struct OperatorGate: RouterMiddleware {
    let desk: OperatorDesk
    let audit: any Audit
    let now: @Sendable () -> Date
    private let admissions = Admissions()

    init(desk: OperatorDesk, audit: any Audit, now: @escaping @Sendable () -> Date) {
        self.desk = desk
        self.audit = audit
        self.now = now
    }

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let pattern = AdminRights.pattern(context.endpointPath)
        guard let token = Self.token(request), let person = await desk.access.bearer(of: token) else {
            refuse("401", nil, context)
            var problem = Problem(
                .operatorTokenRequired,
                desk.access.isOpen
                    ? "Send an operator's token as “Authorization: Bearer …”."
                    : "No operator's token is set up here, so that these addresses are shut.")
            problem.headers[.wwwAuthenticate] = #"Bearer realm="lightbox operators""#
            throw problem
        }
        let allowed = AdminRights.roles(request.method, pattern)
        guard let role = person.role(among: allowed) else {
            refuse("403 \(Self.isKnown(pattern) ? pattern : "")", person, context)
            throw Problem(
                .operatorRoleRequired, "This needs the role \(allowed.map(\.rawValue).joined(separator: " or ")).")
        }
        Counter(label: "lightbox_operator_requests_total", dimensions: [("outcome", "admitted")]).increment()
        if admissions.isNew(person.identity, at: now()) {
            audit.add(
                AuditRecord(
                    at: now(),
                    actor: AuditActor(.operator, request: context.requestID, name: person.name, role: role),
                    event: .operatorAdmitted, subject: "proof:\(person.proof.rawValue)"))
        }
        context.admitted = AdmittedOperator(person: person, role: role)
        if let text = context.parameters.get("session") { context.namedSession = try await session(text) }
        return try await next(request, context)
    }

    /// A session by its id or by the name that operators have for it; whether there is one, the route finds out.
    private func session(_ text: String) async throws -> SessionID? {
        if let id = SessionID(text) { return id }
        return isPseudonym(text) ? try await desk.store.session(named: text) : nil
    }

    private func refuse(_ why: String, _ person: Operator?, _ context: AppContext) {
        let outcome = person == nil ? "unknown" : "forbidden"
        Counter(label: "lightbox_operator_requests_total", dimensions: [("outcome", outcome)]).increment()
        audit.add(
            AuditRecord(
                at: now(), actor: AuditActor(.operator, request: context.requestID, name: person?.name),
                event: .operatorRefused, subject: why.trimmingCharacters(in: .whitespaces), outcome: .refused))
    }

    private static func token(_ request: Request) -> String? {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
        let token = header.dropFirst(7).trimmingCharacters(in: .whitespaces)
        return token.isEmpty || token.utf8.count > 8192 ? nil : token
    }

    /// Whether it is the pattern of a route, and not whatever somebody sent.
    private static func isKnown(_ pattern: String) -> Bool { pattern.hasPrefix("admin/") }

    /// Who came within the last hour.
    private final class Admissions: Sendable {
        private let last = Mutex<[String: Date]>([:])

        func isNew(_ identity: String, at now: Date) -> Bool {
            last.withLock { last in
                if let before = last[identity], abs(now.timeIntervalSince(before)) < 3600 { return false }
                if last.count >= 1000 { last = [:] }
                last[identity] = now
                return true
            }
        }
    }
}

/// The gate before addresses under `/admin` that don't exist: whoever may not come in can't tell them from the others.
struct UnknownAdminGate: RouterMiddleware {
    let gate: OperatorGate

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        let isUnknown = context.endpointPath == nil || context.endpointPath == "NotFound"
        let path = request.uri.path.removingPercentEncoding ?? request.uri.path
        guard isUnknown, path.split(separator: "/").first == "admin" else { return try await next(request, context) }
        return try await gate.handle(request, context: context, next: next)
    }
}

extension AppContext {
    /// Whoever passed the gate.
    var operatorAdmitted: AdmittedOperator {
        get throws {
            guard let admitted else { throw Problem(.operatorTokenRequired, "Send an operator's token.") }
            return admitted
        }
    }

    /// The session that an operator's address names.
    var sessionNamed: SessionID {
        get throws {
            guard let namedSession else { throw Fault.notFound }
            return namedSession
        }
    }
}

extension HTTPField.Name {
    static let wwwAuthenticate = Self("WWW-Authenticate")!
}
