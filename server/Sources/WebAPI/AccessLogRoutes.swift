import AuditTrail
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Workflows

/// What was done with the record of this session, by whom, and when.
struct AccessLogRoutes: Sendable {
    let trail: AuditDatabase
    let writer: AuditWriter
    let breakGlass: BreakGlass

    /// Most lines of one answer.
    private static let page = 200
    /// Most lines of one file; what is older can be had page by page.
    private static let mostInFile = 20_000

    func add(to api: RouterGroup<AppContext>) {
        api.get("access-log", use: list)
        api.get("access-log/download", use: download)
    }

    struct Body: Encodable {
        var entries: [Entry]
        /// The number to ask for the entries before these with; nil where these are all.
        var before: Int?
    }

    struct Entry: Encodable {
        var number: Int
        var at: Date
        var actor: AuditActor.Kind
        /// Of an operator: who it is, and as what.
        var name: String?
        var role: String?
        var event: String
        var subject: String?
        var outcome: AuditOutcome
        /// Why a clinician opened the record.
        var reason: String?
        var request: String?

        init(_ line: AuditLine, reasons: [RecordGrantID: String]) {
            func some(_ text: String) -> String? { text.isEmpty ? nil : text }
            number = line.number
            at = line.time
            actor = line.actor
            name = some(line.name)
            role = some(line.role)
            event = line.event
            subject = some(line.subject)
            outcome = line.outcome
            request = some(line.request)
            if line.subject.hasPrefix("grant:") {
                reason = RecordGrantID(line.subject.dropFirst(6)).flatMap { reasons[$0] }
            }
        }
    }

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        var before: Int?
        if let text = request.uri.queryParameters["before"] {
            guard let number = Int(text), number > 0 else {
                throw Problem(.badRequest, "before is the number of an entry.")
            }
            before = number
        }
        // Who asks right after something was done finds it.
        await writer.flush()
        let lines = try await trail.lines(of: session, limit: Self.page, before: before)
        let reasons = try await breakGlass.reasons(of: session)
        return try JSON.response(
            Body(
                entries: lines.map { Entry($0, reasons: reasons) },
                before: lines.count == Self.page ? lines.last?.number : nil))
    }

    // MARK: - As a file

    /// `format` is `json` or `csv`.
    @Sendable private func download(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let format = request.uri.queryParameters["format"] ?? "json"
        guard ["json", "csv"].contains(format) else {
            throw Problem(
                .badRequest, "“format” is json or csv.",
                faults: [
                    FieldFault(pointer: "/query/format", code: .notAnOption, detail: "This must be json or csv.")
                ])
        }
        await writer.flush()
        let reasons = try await breakGlass.reasons(of: session)
        let entries = try await trail.lines(of: session, limit: Self.mostInFile).map { Entry($0, reasons: reasons) }
        let bytes =
            format == "json"
            ? try JSON.bytes(Body(entries: entries, before: nil)) : Array(AccessLogTable.text(entries).utf8)
        return Response(
            status: .ok,
            headers: [
                .contentType: format == "json" ? "application/json; charset=utf-8" : "text/csv; charset=utf-8",
                .contentDisposition: ContentDisposition.offer("access-log.\(format)"),
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// The log as a table (RFC 4180).
enum AccessLogTable {
    static func text(_ entries: [AccessLogRoutes.Entry]) -> String {
        let head = ["number", "at", "actor", "name", "role", "event", "subject", "outcome", "reason", "request"]
        let rows = entries.map { entry in
            [
                String(entry.number), entry.at.formatted(.iso8601), entry.actor.rawValue, entry.name ?? "",
                entry.role ?? "", entry.event, entry.subject ?? "", entry.outcome.rawValue, entry.reason ?? "",
                entry.request ?? "",
            ]
        }
        return ([head] + rows).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// In quotes. What a spreadsheet would take for a formula gets an apostrophe before it: a reason is what somebody typed.
    static func field(_ text: String) -> String {
        let first = text.unicodeScalars.first
        let isFormula = first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        return "\"" + (isFormula ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
    }
}
