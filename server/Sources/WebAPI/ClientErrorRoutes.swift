import Foundation
import Hummingbird

/// An error that a browser reported. All of it comes from outside and is cut to a bound.
public struct ClientErrorReport: Sendable, Decodable {
    public var message: String
    public var component: String?
    public var stack: String?
    public var requestId: String?
    public var path: String?

    /// The same with every text cut to a length that a log can bear.
    func cut() -> ClientErrorReport {
        ClientErrorReport(
            message: String(message.prefix(500)), component: component.map { String($0.prefix(100)) },
            stack: stack.map { String($0.prefix(4000)) }, requestId: requestId.map { String($0.prefix(40)) },
            path: path.map { String($0.prefix(200)) })
    }
}

/// Takes errors from the error boundaries of the page.
struct ClientErrorRoutes: Sendable {
    let report: @Sendable (ClientErrorReport) -> Void

    func add(to api: RouterGroup<AppContext>) {
        api.post("client-errors") { request, _ in
            let error = try await JSON.decode(ClientErrorReport.self, from: request)
            report(error.cut())
            return Response(status: .noContent)
        }
    }
}
