import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import Workflows

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
    static let lastEventID = Self("Last-Event-ID")!
    /// Tells nginx to pass a stream on as it comes.
    static let accelBuffering = Self("X-Accel-Buffering")!
}

/// The outermost layer: gives each request its id, finds out who asks, writes one line in the log about it, counts it, and
/// turns every error into a problem. The path in log and metrics is the route's pattern, so that no id and no name gets
/// there.
struct RequestReport: RouterMiddleware {
    let rules: WebRules
    private let logger = Logger(label: "lightbox.http")

    init(rules: WebRules) {
        self.rules = rules
    }

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if context.requestID.isEmpty { context.requestID = Self.makeID() }
        context.logger = logger
        context.logger[metadataKey: "request"] = "\(context.requestID)"
        context.caller = rules.proxies.caller(of: request, from: context.channel.remoteAddress)
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
            // The client may still be sending what isn't taken; HTTP/2 ends its stream instead.
            if problem.code == .payloadTooLarge, !context.isStream { response.headers[.connection] = "close" }
        }
        response.headers[.requestID] = context.requestID
        let route = context.endpointPath ?? "NotFound"
        rules.headers.add(to: &response, isSecure: context.caller.isSecure ?? rules.isSecure)
        CacheRule.apply(route, to: &response)
        let seconds = (ContinuousClock.now - started) / .seconds(1)
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

    /// 64 random bits, to the base of 36.
    static func makeID() -> String {
        var rest = UInt64.random(in: .min ... .max)
        return String(unsafeUninitializedCapacity: 13) { text in
            for index in (0..<13).reversed() {
                let digit = UInt8(rest % 36)
                text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
                rest /= 36
            }
            return 13
        }
    }
}

extension HTTPRequest.Method {
    var isCommon: Bool {
        switch self {
        case .get, .head, .post, .put, .patch, .delete, .options: true
        default: false
        }
    }

    /// Whether the method may change something (RFC 9110, section 9.2.1).
    var isUnsafe: Bool {
        switch self {
        case .get, .head, .options, .trace: false
        default: true
        }
    }
}
