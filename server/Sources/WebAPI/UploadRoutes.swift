import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Multipart
import NIOCore
import Workflows

extension HTTPField.Name {
    static let serverTiming = Self("Server-Timing")!
}

/// Receiving pictures, and telling what was received.
struct UploadRoutes: Sendable {
    let receive: ReceiveUpload
    let studies: any StudyStore
    let blobs: any BlobStore
    let samples: any SampleStore
    let identity: CheckIdentity
    let once: CreateOnce
    let audit: any Audit

    func add(to api: RouterGroup<AppContext>) {
        api.get("samples", use: listSamples)
        api.post("uploads", use: create)
        api.get("uploads", use: list)
        api.get("uploads/:upload", use: show)
        api.delete("uploads/:upload", use: remove)
    }

    private struct SampleBody: Encodable {
        var id: String
        var title: String
        var description: String
        var credit: String
        var licence: String
        var format: String
    }

    private struct ArchiveBody: Encodable {
        var uploads: [Body]
        var refused: [RefusedFile]
    }

    private struct ListBody: Encodable {
        var uploads: [Body]
    }

    @Sendable private func listSamples(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(
            await samples.all().map {
                SampleBody(
                    id: $0.id, title: $0.title, description: $0.description, credit: $0.credit, licence: $0.licence,
                    format: $0.format)
            })
    }

    // MARK: - Receiving

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let content = try Content(request)
        return try await once(request, fingerprint: "upload", in: session) {
            let began = ContinuousClock.now
            var received = began
            let making = Making.current
            var hash = SHA256()
            var incoming = try await receive.begin(in: session, announced: content.announced)
            let kept = try await incoming.receiving { incoming in
                let name = try await read(request, content) {
                    if making != nil { hash.update(data: $0) }
                    try await incoming.write($0)
                }
                try making?.carries(hash.finalize().hexadecimal)
                received = .now
                return name
            }
            switch kept {
            case .picture(let upload, let timing):
                // W3C Server Timing; durations in milliseconds.
                let parts = [("receive", received - began), ("check", timing.check), ("commit", timing.commit)]
                let said = parts.map { String(format: "%@;dur=%.1f", $0, $1 / .milliseconds(1)) }
                var response = try await created(upload)
                response.headers[.serverTiming] = said.joined(separator: ", ")
                return response
            case .archive(let uploads, let refused):
                return try JSON.response(
                    ArchiveBody(uploads: uploads.map { Body($0) }, refused: refused), status: .created,
                    headers: [.location: "/api/v1/uploads"])
            }
        } again: { made in
            // An archive is received again, and goes on after the last picture that came of it.
            guard let id: UploadID = made.identifier(), let upload = try await studies.upload(id, in: session) else {
                return nil
            }
            guard try await digest(of: request, content) == made.digest else { throw Fault.keyReused }
            return try await created(upload)
        } isSame: {
            try await digest(of: request, content) == $0
        }
    }

    private func created(_ upload: Upload) async throws -> Response {
        try JSON.response(
            Body(upload, identity: try await identity(upload)), status: .created,
            headers: [.location: "/api/v1/uploads/\(upload.id)"])
    }

    /// Of the file, whatever it is wrapped in: a form gets a new boundary each time.
    private func digest(of request: Request, _ content: Content) async throws -> String {
        var hash = SHA256()
        _ = try await read(request, content) { hash.update(data: $0) }
        return hash.finalize().hexadecimal
    }

    // MARK: - Showing

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        let uploads = try await studies.uploads(in: try context.session.id)
        return try JSON.response(ListBody(uploads: uploads.map { Body($0) }))
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await context.upload(in: studies)
        return try JSON.response(Body(upload, identity: try await identity(upload)))
    }

    @Sendable private func remove(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await context.upload(in: studies)
        let holdsFindings = try await studies.analyses(in: upload.sessionID).contains {
            $0.uploadID == upload.id && $0.awaitsReading && $0.keptResult != nil
        }
        guard let names = try await studies.deleteUpload(upload.id, in: upload.sessionID) else {
            throw Fault.notFound
        }
        if holdsFindings { audit.record(.heldFindingsDeleted, on: "upload:\(upload.id)") }
        try await blobs.delete(names, in: upload.sessionID)
        return Response(status: .noContent)
    }
}

extension ReceiveUpload.Incoming {
    /// Feeds it, and finishes it under the name that `body` returns. Whatever goes wrong, nothing is left.
    fileprivate mutating func receiving(
        _ body: (inout ReceiveUpload.Incoming) async throws -> String?
    ) async throws -> ReceiveUpload.Received {
        do {
            let name = try await body(&self)
            return try await finish(named: name)
        } catch {
            await abandon()
            switch error {
            case is Fault, is Problem, is MultipartError: throw error
            default:
                throw Problem(.uploadIncomplete, "The connection ended before the whole file had come.", cause: error)
            }
        }
    }
}
