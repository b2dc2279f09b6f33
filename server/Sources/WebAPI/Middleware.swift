import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import Workflows

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
    static let secFetchSite = Self("Sec-Fetch-Site")!
    static let lastEventID = Self("Last-Event-ID")!
    /// Tells nginx to pass a stream on as it comes.
    static let accelBuffering = Self("X-Accel-Buffering")!
}

/// The outermost layer: gives each request its id, writes one line in the log about it, counts it, and turns every error
/// into a problem. The path in log and metrics is the route's pattern, so that no id and no name gets there.
struct RequestReport: RouterMiddleware {
    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = Self.makeID()
        context.logger = Logger(label: "lightbox.http")
        context.logger[metadataKey: "request"] = "\(context.requestID)"
        let started = ContinuousClock.now
        var response: Response
        var code: ProblemCode?
        do {
            response = try await next(request, context)
        } catch {
            let problem = Problem(error)
            code = problem.code
            response = problem.response(requestID: context.requestID)
            if let cause = problem.cause {
                context.logger.error(
                    "request failed", metadata: ["code": "\(problem.code.rawValue)", "cause": "\(cause)"])
            }
            if problem.code == .payloadTooLarge { context.channel.closeAfterLingering() }
        }
        response.headers[.requestID] = context.requestID
        SecurityHeaders.add(to: &response)
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        let route = context.endpointPath ?? "NotFound"
        var metadata: Logger.Metadata = [
            "method": "\(request.method.rawValue.prefix(16))", "route": "\(route)",
            "status": "\(response.status.code)", "milliseconds": .stringConvertible((seconds * 10_000).rounded() / 10),
        ]
        if let code { metadata["code"] = "\(code.rawValue)" }
        context.logger.info("request", metadata: metadata)
        let dimensions = [
            ("method", request.method.isCommon ? request.method.rawValue : "other"), ("route", route),
            ("status", String(response.status.code)),
        ]
        Timer(label: "lightbox_http_request_seconds", dimensions: dimensions).recordSeconds(seconds)
        return response
    }

    private static func makeID() -> String {
        let text = String(UInt64.random(in: .min ... .max), radix: 36)
        return String(repeating: "0", count: 13 - text.count) + text
    }
}

extension HTTPRequest.Method {
    fileprivate var isCommon: Bool { [.get, .head, .post, .put, .patch, .delete, .options].contains(self) }

    /// Whether the method may change something (RFC 9110, section 9.2.1).
    var isUnsafe: Bool { ![.get, .head, .options, .trace].contains(self) }
}

extension Channel {
    /// Lets a client that is still sending read the answer first, as RFC 9112 (section 9.6) asks; what it goes on sending
    /// is thrown away meanwhile.
    fileprivate func closeAfterLingering() {
        eventLoop.scheduleTask(in: .seconds(2)) { self.close(mode: .all, promise: nil) }
    }
}

/// The headers that tell a browser to be strict.
enum SecurityHeaders {
    private static let fixed: [(HTTPField.Name, String)] = [
        (
            HTTPField.Name("Content-Security-Policy")!,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
                + "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'"
        ),
        (HTTPField.Name("X-Content-Type-Options")!, "nosniff"),
        (HTTPField.Name("Referrer-Policy")!, "no-referrer"),
        (HTTPField.Name("X-Frame-Options")!, "DENY"),
        (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Embedder-Policy")!, "require-corp"),
        (
            HTTPField.Name("Permissions-Policy")!,
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
        ),
    ]

    static func add(to response: inout Response) {
        for (name, value) in fixed { response.headers[name] = value }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }
}

/// Refuses requests that change something and come from a page of another origin. A browser always says where such a
/// request comes from; a program that isn't a browser sends neither header and holds no cookie by accident.
struct SameOrigin: RouterMiddleware {
    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        // A browser adds no bearer token by itself, and beside one no cookie is read.
        if request.method.isUnsafe, !BearerToken.isUsed(by: request) {
            let site = request.headers[.secFetchSite]
            if let site, site != "same-origin", site != "none" { throw Self.refusal }
            if let origin = request.headers[.origin] {
                guard let authority = request.head.authority ?? request.headers[.host],
                    origin == "http://\(authority)" || origin == "https://\(authority)"
                else { throw Self.refusal }
            }
        }
        return try await next(request, context)
    }

    private static let refusal = Problem(.crossSiteRequest, "Use the page of this server itself.")
}

extension HTTPField.Name {
    static let host = Self("Host")!
}

/// Finds the session that the cookie names, or the bearer token: one or the other, never both.
struct FindSession: RouterMiddleware {
    let resume: ResumeSession
    let secure: Bool

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let credential: Credential = BearerToken.isUsed(by: request) ? .bearer : .cookie
        let token =
            switch credential {
            case .bearer: BearerToken.token(in: request)
            case .cookie: SessionCookie.token(in: request, secure: secure)
            }
        if let token {
            context.foundSession = try await resume(
                tokenHash: credential.hash(token), isActive: request.method.isUnsafe)
        }
        return try await next(request, context)
    }
}

/// Lets only those pass who have the operator's token (RFC 6750). Without one configured the addresses behind it are shut.
struct OperatorToken: RouterMiddleware {
    let token: String?

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard let token, let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer "),
            Self.isSame(Array(header.dropFirst(7).utf8), Array(token.utf8))
        else {
            throw Problem(.operatorTokenRequired, "Send the operator's token as “Authorization: Bearer …”.")
        }
        return try await next(request, context)
    }

    /// In a time that doesn't tell where the first difference is.
    private static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
