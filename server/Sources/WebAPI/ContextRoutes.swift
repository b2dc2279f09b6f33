import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// The record as the assistant is given it.
struct ContextRoutes: Sendable {
    let describe: DescribeRecord

    func add(to api: RouterGroup<AppContext>) {
        api.get("context", use: show)
        api.patch("context", use: withhold)
    }

    private struct Change: Decodable {
        /// By question: whether its answer is withheld.
        var withheld: [String: Bool]
    }

    private struct Body: Encodable {
        struct Section: Encodable {
            var id: ContextFile.Section
            var title: String
        }

        var preamble: String
        var sections: [Section]
        var lines: [ContextFile.Line]
        var withheld: [String]
        var leftOut: Int
        var tokens: Int
        var tokenBudget: Int
        /// The exact text.
        var markdown: String

        init(_ file: ContextFile) {
            preamble = ContextFile.preamble
            sections = ContextFile.Section.allCases.map { Section(id: $0, title: $0.title) }
            lines = file.lines
            withheld = file.withheld
            leftOut = file.leftOut
            tokens = file.tokens
            tokenBudget = file.tokenBudget
            markdown = file.markdown
        }
    }

    /// Markdown where that is asked for, JSON otherwise.
    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let file = try await describe(of: try context.session.id)
        guard request.headers[.accept]?.contains("text/markdown") ?? false else {
            return try JSON.response(Body(file))
        }
        return Response(
            status: .ok, headers: [.contentType: "text/markdown; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: file.markdown)))
    }

    @Sendable private func withhold(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let changes = try await JSON.decode(Change.self, from: request).withheld
        return try JSON.response(Body(try await describe.withhold(changes, in: session)))
    }
}
