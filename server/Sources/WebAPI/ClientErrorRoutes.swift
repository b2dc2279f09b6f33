import Foundation
import Hummingbird

/// An error that a browser reported. All of it comes from outside: only what can't have been typed by a person is kept, by
/// ``ClientErrorMask``.
public struct ClientErrorReport: Sendable, Decodable {
    /// The kind of error, for example `TypeError`.
    public var name: String?
    public var message: String
    public var component: String?
    public var stack: String?
    public var requestId: String?
    public var path: String?

    public var title: String { name.map { "\($0): \(message)" } ?? message }

    /// The same with nothing in it that a log mustn't have.
    func masked() -> ClientErrorReport {
        ClientErrorReport(
            name: name.flatMap(ClientErrorMask.name), message: ClientErrorMask.message(message),
            component: component.flatMap(ClientErrorMask.component), stack: stack.map(ClientErrorMask.stack),
            requestId: requestId.flatMap(ClientErrorMask.requestID), path: path.map(ClientErrorMask.path))
    }
}

/// Takes errors from the error boundaries of the page. How many of a session or an address is a rate limit's.
struct ClientErrorRoutes: Sendable {
    let report: @Sendable (ClientErrorReport) -> Void

    /// A report is far smaller.
    private static let longest = 16 << 10

    func add(to api: RouterGroup<AppContext>) {
        api.post("client-errors") { request, _ in
            let error = try await JSON.decode(ClientErrorReport.self, from: request, longest: Self.longest)
            report(error.masked())
            return Response(status: .noContent)
        }
    }
}
