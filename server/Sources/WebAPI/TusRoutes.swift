import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Resumable
import Workflows

extension HTTPField.Name {
    static let tusResumable = Self("Tus-Resumable")!
    static let tusVersion = Self("Tus-Version")!
    static let tusExtension = Self("Tus-Extension")!
    static let tusMaxSize = Self("Tus-Max-Size")!
    static let tusChecksumAlgorithm = Self("Tus-Checksum-Algorithm")!
    static let uploadOffset = Self("Upload-Offset")!
    static let uploadLength = Self("Upload-Length")!
    static let uploadMetadata = Self("Upload-Metadata")!
    static let uploadChecksum = Self("Upload-Checksum")!
    static let uploadExpires = Self("Upload-Expires")!
    static let methodOverride = Self("X-HTTP-Method-Override")!
    static let contentLocation = Self("Content-Location")!
}

/// Uploads in parts: tus 1.0.0, and beside it, in JSON, how things stand.
struct TusRoutes: Sendable {
    let parts: ReceiveInParts
    let studies: any StudyStore
    let once: CreateOnce
    let limits: Limits

    func add(to api: RouterGroup<AppContext>) {
        let tus = api.group("uploads/tus").add(middleware: TusHeaders(limits: limits))
        tus.on("", method: .options) { _, _ in Response(status: .noContent) }
        tus.on(":reception", method: .options) { _, _ in Response(status: .noContent) }
        tus.post(use: create)
        tus.post(":reception", use: overridden)
        tus.head(":reception", use: offset)
        tus.patch(":reception", use: append)
        tus.delete(":reception", use: terminate)
        tus.get(use: list)
        tus.get(":reception", use: show)
    }

    // MARK: - The protocol

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let length = try TusNumber.parse(request.headers[.uploadLength], of: "Upload-Length")
        let metadata = try UploadMetadata(request.headers[.uploadMetadata])
        let withUpload = request.headers[.contentType]?.lowercased() == Self.partType
        let fingerprint = "tus \(length) \(request.headers[.uploadMetadata] ?? "")"
        var isNew = false
        var answer = try await once(request, fingerprint: fingerprint, in: session) {
            isNew = true
            return created(try await parts.create(named: metadata.text("filename"), length: length, in: session))
        } again: { made in
            guard let id: ReceptionID = made.identifier() else { return nil }
            do throws(Fault) { return created(try await parts.reception(id, in: session)) } catch .notFound {
                return nil
            }
        }
        guard withUpload || length == 0,
            let id = answer.headers[.location]?.split(separator: "/").last.flatMap({ ReceptionID(String($0)) })
        else { return answer }
        guard isNew else {
            // The same creation again: what came with it the first time stays, and how much that is is told.
            let reception = try await parts.reception(id, in: session)
            answer.headers[.uploadOffset] = String(
                reception.state.isOver ? reception.length : try await parts.offset(of: id, in: session))
            return answer
        }
        return try await take(
            request, context, to: id, at: 0, in: session,
            Response(status: .created, headers: [.location: answer.headers[.location] ?? ""]))
    }

    private func created(_ reception: Reception) -> Response {
        Response(
            status: .created,
            headers: [
                .location: "/api/v1/uploads/tus/\(reception.id)", .uploadOffset: "0",
                .uploadExpires: reception.expiresAt.httpDate,
            ])
    }

    static let partType = "application/offset+octet-stream"

    @Sendable private func offset(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let id: ReceptionID = try context.identifier("reception")
        let offset = try await parts.offset(of: id, in: session)
        let reception = try await parts.reception(id, in: session)
        return Response(
            status: .ok,
            headers: [
                .uploadOffset: String(offset), .uploadLength: String(reception.length), .cacheControl: "no-store",
                .uploadExpires: reception.expiresAt.httpDate,
                .uploadMetadata: "filename \(Data(reception.fileName.utf8).base64EncodedString())",
            ])
    }

    /// For clients behind what lets only GET and POST through.
    @Sendable private func overridden(_ request: Request, context: AppContext) async throws -> Response {
        switch request.headers[.methodOverride] {
        case "PATCH": return try await append(request, context: context)
        case "DELETE": return try await terminate(request, context: context)
        case "HEAD": return try await offset(request, context: context)
        default:
            throw Problem(.badRequest, "POST at this address needs X-HTTP-Method-Override: PATCH, DELETE or HEAD.")
        }
    }

    @Sendable private func append(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        guard request.headers[.contentType]?.lowercased() == Self.partType else {
            throw Problem(.unsupportedMediaType, "Send the part as \(Self.partType).")
        }
        let offset = try TusNumber.parse(request.headers[.uploadOffset], of: "Upload-Offset")
        return try await take(
            request, context, to: try context.identifier("reception"), at: offset, in: session,
            Response(status: .noContent))
    }

    private func take(
        _ request: Request, _ context: AppContext, to id: ReceptionID, at offset: Int, in session: SessionID,
        _ response: Response
    ) async throws -> Response {
        var response = response
        let checksum = try request.headers[.uploadChecksum].map { RunningChecksum(try UploadChecksum($0)) }
        let progress = try await parts.append(
            to: id, in: session, at: offset, announced: request.headers[.contentLength].flatMap { Int($0) },
            checksum: checksum, hangUp: { [channel = context.channel] in channel.close(mode: .all, promise: nil) },
            request.body.map { Array($0.readableBytesView) })
        switch progress {
        case .goesOn(let offset, let expiresAt):
            response.headers[.uploadOffset] = String(offset)
            response.headers[.uploadExpires] = expiresAt.httpDate
        case .finished(let received):
            let reception = try await parts.reception(id, in: session)
            response.headers[.uploadOffset] = String(reception.length)
            switch received {
            case .picture(let upload, _): response.headers[.contentLocation] = "/api/v1/uploads/\(upload.id)"
            case .archive: response.headers[.contentLocation] = "/api/v1/uploads/tus/\(id)"
            }
        }
        return response
    }

    @Sendable private func terminate(_ request: Request, context: AppContext) async throws -> Response {
        try await parts.terminate(try context.identifier("reception"), in: try context.session.id)
        return Response(status: .noContent)
    }

    // MARK: - How things stand

    struct Body: Encodable {
        var id: ReceptionID
        var fileName: String
        var offset: Int
        var length: Int
        var createdAt: Date
        var expiresAt: Date
        var state: Reception.State
        var uploads: [UploadRoutes.Body]
        var refused: [RefusedFile]
    }

    private struct ListBody: Encodable {
        var receptions: [Body]
    }

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        var bodies: [Body] = []
        for reception in try await parts.openReceptions(in: try context.session.id) {
            // One whose file is gone takes no other with it.
            do throws(Fault) { bodies.append(try await body(reception.id, in: reception.sessionID)) } catch .notFound {
                continue
            }
        }
        return try JSON.response(ListBody(receptions: bodies))
    }

    /// Asking for one that is whole, and wasn't read because the connection or the process ended, has it read now.
    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let id: ReceptionID = try context.identifier("reception")
        await parts.judgeIfWhole(try await parts.reception(id, in: session))
        return try JSON.response(try await body(id, in: session))
    }

    private func body(_ id: ReceptionID, in session: SessionID) async throws(Fault) -> Body {
        let (reception, offset) = try await parts.progress(of: id, in: session)
        var uploads: [Upload] = []
        for id in reception.outcome?.uploads ?? [] {
            if let upload = try await studies.upload(id, in: reception.sessionID) { uploads.append(upload) }
        }
        return Body(
            id: reception.id, fileName: reception.fileName, offset: offset,
            length: reception.length, createdAt: reception.createdAt, expiresAt: reception.expiresAt,
            state: reception.state, uploads: uploads.map { UploadRoutes.Body($0) },
            refused: reception.outcome?.refused ?? [])
    }
}

/// What every answer and every request of the protocol carries.
private struct TusHeaders: RouterMiddleware {
    let limits: Limits

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        let speaksTus = ![.get, .options].contains(request.method)
        do {
            if speaksTus, request.headers[.tusResumable] != TusVersion.current {
                var problem = Problem(.tusVersion, "Send “Tus-Resumable: \(TusVersion.current)”.")
                problem.headers[.tusVersion] = TusVersion.current
                throw problem
            }
            var response = try await next(request, context)
            response.headers[.tusResumable] = TusVersion.current
            if request.method == .options {
                response.headers[.tusVersion] = TusVersion.current
                response.headers[.tusExtension] = TusVersion.extensions.joined(separator: ",")
                response.headers[.tusMaxSize] = String(limits.picture.maxBytes)
                response.headers[.tusChecksumAlgorithm] =
                    UploadChecksum.Algorithm.allCases.map(\.rawValue).joined(separator: ",")
            }
            return response
        } catch {
            var problem = Problem(error)
            problem.headers[.tusResumable] = TusVersion.current
            throw problem
        }
    }
}

/// The digest of a part while it comes.
private struct RunningChecksum: ReceiveInParts.Checksum {
    private enum Hash {
        case sha1(Insecure.SHA1)
        case sha256(SHA256)
        case md5(Insecure.MD5)
    }

    private var hash: Hash
    private let expected: [UInt8]

    init(_ checksum: UploadChecksum) {
        expected = checksum.digest
        hash =
            switch checksum.algorithm {
            case .sha1: .sha1(Insecure.SHA1())
            case .sha256: .sha256(SHA256())
            case .md5: .md5(Insecure.MD5())
            }
    }

    mutating func update(_ bytes: [UInt8]) {
        switch hash {
        case .sha1(var running):
            running.update(data: bytes)
            hash = .sha1(running)
        case .sha256(var running):
            running.update(data: bytes)
            hash = .sha256(running)
        case .md5(var running):
            running.update(data: bytes)
            hash = .md5(running)
        }
    }

    func matches() -> Bool {
        switch hash {
        case .sha1(let running): Array(running.finalize()) == expected
        case .sha256(let running): Array(running.finalize()) == expected
        case .md5(let running): Array(running.finalize()) == expected
        }
    }
}

extension Date {
    /// As HTTP writes times (RFC 9110, section 5.6.7).
    var httpDate: String {
        formatted(
            Date.VerbatimFormatStyle(
                format:
                    "\(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT",
                locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    }
}
