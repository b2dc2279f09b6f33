import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import Observability
import Tracing
import Workflows

extension HTTPField.Name {
    fileprivate static let traceparent = Self("traceparent")!
}

/// Outside of everything else: gives a request its id and its place in a trace, so that all that is logged and done for
/// it carries both, and answers with `traceparent` (W3C Trace Context). Counts it for the operators' overview.
struct TraceRequest: RouterMiddleware {
    let watching: Watching

    private static let inFlight = Meter(label: "lightbox_http_requests_in_flight")

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = RequestReport.makeID()
        var trace = InstrumentationContext.topLevel
        InstrumentationSystem.instrument.extract(
            ReceivedFields(requestID: context.requestID, headers: request.headers), into: &trace,
            using: FieldsExtractor())
        let span = startSpan("request", context: trace, ofKind: .server)
        defer { span.end() }
        Self.inFlight.increment()
        defer { Self.inFlight.decrement() }
        let began = ContinuousClock.now
        let passedOn = context
        var response = try await InstrumentationContext.withValue(span.context) {
            try await next(request, passedOn)
        }
        let status = Int(response.status.code)
        if span.isRecording {
            let method = request.method.isCommon ? request.method.rawValue : "OTHER"
            let route = context.endpointPath ?? "NotFound"
            span.operationName = "\(method) \(route)"
            span.attributes["http.request.method"] = method
            span.attributes["http.route"] = route
            span.attributes["http.response.status_code"] = status
            span.attributes["lightbox.request.id"] = context.requestID
            if status >= 500 { span.setStatus(SpanStatus(code: .error)) }
        }
        InstrumentationSystem.instrument.inject(span.context, into: &response.headers, using: FieldsInjector())
        watching.overview.request(
            seconds: (ContinuousClock.now - began) / .seconds(1), isError: status >= 500, at: watching.now())
        if response.headers[.contentType]?.hasPrefix("text/event-stream") == true {
            response.body = watching.streams.counting(response.body)
        }
        return response
    }
}

/// What a request says of its place in a trace, and the id that it was given here: never one that it names itself.
private struct ReceivedFields {
    var requestID: String
    var headers: HTTPFields
}

private struct FieldsExtractor: Extractor {
    func extract(key: String, from carrier: ReceivedFields) -> String? {
        switch key {
        case "x-request-id": carrier.requestID
        case "traceparent": carrier.headers[.traceparent]
        default: HTTPField.Name(key).flatMap { carrier.headers[$0] }
        }
    }
}

private struct FieldsInjector: Injector {
    func inject(_ value: String, forKey key: String, into carrier: inout HTTPFields) {
        if let name = key == "traceparent" ? .traceparent : HTTPField.Name(key) { carrier[name] = value }
    }
}

/// Puts errors of the server into groups, by what failed and where.
struct GroupErrors: RouterMiddleware {
    let watching: Watching

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(error)
            if problem.code.status.code >= 500 {
                var message = "\(problem.code.rawValue) at \(context.endpointPath ?? "NotFound")"
                if let cause = problem.cause { message += ": " + LoggedCause.masked("\(cause)") }
                watching.errors.report(
                    origin: "server", message: message, requestID: context.requestID, at: watching.now())
            }
            throw error
        }
    }
}
