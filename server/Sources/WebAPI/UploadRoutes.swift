import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Multipart
import NIOCore
import Workflows

/// Receiving pictures, and showing what was received.
struct UploadRoutes: Sendable {
    let receive: ReceiveUpload
    let studies: any StudyStore
    let blobs: any BlobStore
    let samples: any SampleStore
    let engine: any PictureEngine
    let identity: CheckIdentity
    let limits: Limits

    func add(to api: RouterGroup<AppContext>) {
        api.get("samples", use: listSamples)
        api.post("uploads", use: create)
        api.get("uploads", use: list)
        api.get("uploads/:upload", use: show)
        api.get("uploads/:upload/preview", use: preview)
        api.delete("uploads/:upload", use: remove)
    }

    private struct SampleRequest: Decodable {
        var sampleId: String
    }

    private struct SampleBody: Encodable {
        var id: String
        var title: String
        var description: String
        var credit: String
        var licence: String
        var format: String
    }

    struct Body: Encodable {
        var id: UploadID
        var fileName: String
        var sha256: String
        var bytes: Int
        var format: PictureFormat
        var width: Int
        var height: Int
        var bitsPerSample: Int
        var frames: Int
        var capturedView: String?
        var dicom: DicomSummary?
        var createdAt: Date
        var preview: String
        /// The history beside the file's header; only where one upload is asked for.
        var identity: IdentityCheck?

        init(_ upload: Upload, identity: IdentityCheck? = nil) {
            self.identity = identity
            id = upload.id
            fileName = upload.fileName
            sha256 = upload.sha256
            bytes = upload.bytes
            format = upload.inspection.format
            width = upload.inspection.width
            height = upload.inspection.height
            bitsPerSample = upload.inspection.bitsPerSample
            frames = upload.inspection.frames
            capturedView = upload.capturedView
            dicom = upload.inspection.dicom
            createdAt = upload.createdAt
            preview = "/api/v1/uploads/\(upload.id)/preview"
        }
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
        let contentType = request.headers[.contentType] ?? "application/octet-stream"
        let upload =
            switch contentType.prefix(while: { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased() {
            case "multipart/form-data": try await multipart(request, contentType, session)
            case "application/json": try await sample(request, session)
            case "application/octet-stream", "application/dicom", "image/png", "image/jpeg", "image/webp", "image/tiff":
                try await raw(request, session)
            default:
                throw Problem(
                    .unsupportedMediaType,
                    "Send the picture as image/png, image/jpeg, image/webp, image/tiff or application/dicom, or as the field “file” of a form."
                )
            }
        return try JSON.response(
            Body(upload, identity: try await identity(upload)), status: .created,
            headers: [.location: "/api/v1/uploads/\(upload.id)"])
    }

    private func raw(_ request: Request, _ session: SessionID) async throws -> Upload {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        var reception = try await receive.begin(in: session, announced: announced)
        return try await reception.receiving { reception in
            for try await buffer in request.body { try await reception.write(Array(buffer.readableBytesView)) }
            return ContentDisposition.fileName(request.headers[.contentDisposition])
        }
    }

    private func sample(_ request: Request, _ session: SessionID) async throws -> Upload {
        let id = try await JSON.decode(SampleRequest.self, from: request).sampleId
        let sample = try await samples.read(id)
        var reception = try await receive.begin(in: session, announced: sample.bytes.count)
        return try await reception.receiving { reception in
            try await reception.write(sample.bytes)
            return sample.name
        }
    }

    /// What a form may have around the file: its headers and other small fields.
    private static let formAllowance = 64 << 10

    private func multipart(_ request: Request, _ contentType: String, _ session: SessionID) async throws -> Upload {
        let boundary = try MultipartBoundary.parse(contentType: contentType)
        var parser = try MultipartParser(boundary: boundary, limits: .standard)
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        var reception = try await receive.begin(
            in: session, announced: announced.map { max(0, $0 - Self.formAllowance) })
        return try await reception.receiving { reception in
            var part: MultipartPart?
            var file: MultipartPart?
            var others = 0
            for try await buffer in request.body {
                for event in try parser.feed(Array(buffer.readableBytesView)) {
                    switch event {
                    case .partBegan(let next):
                        part = next
                        guard next.name == "file" else { continue }
                        guard file == nil else {
                            throw Problem(.malformedMultipart, "The form has more than one field “file”.")
                        }
                        file = next
                    case .data(let bytes):
                        if part?.name == "file" {
                            try await reception.write(Array(bytes))
                        } else {
                            others += bytes.count
                            guard others <= Self.formAllowance else {
                                throw Problem(.payloadTooLarge, "Only the field “file” may be large.")
                            }
                        }
                    case .partEnded:
                        part = nil
                    }
                }
            }
            try parser.finish()
            guard let file else {
                throw Problem(
                    .validationFailed, "The form has no field “file”.",
                    faults: [FieldFault(pointer: "/file", code: .required, detail: "Send the picture in this field.")])
            }
            return file.fileName
        }
    }

    // MARK: - Showing

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        let uploads = try await studies.uploads(in: try context.session.id)
        return try JSON.response(ListBody(uploads: uploads.map { Body($0) }))
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await upload(context)
        return try JSON.response(Body(upload, identity: try await identity(upload)))
    }

    @Sendable private func preview(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await upload(context)
        let bytes: [UInt8]
        if let text = request.uri.queryParameters["width"] {
            guard let width = Int(text), (16...limits.previewEdge).contains(width) else {
                throw Problem(.badRequest, "The width is a number from 16 to \(limits.previewEdge).")
            }
            bytes = try await smaller(upload, width: width)
        } else {
            bytes = try await blobs.read(.preview(upload.id), in: upload.sessionID)
        }
        return Response(
            status: .ok, headers: [.contentType: "image/jpeg", .cacheControl: "private, max-age=3600"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func smaller(_ upload: Upload, width: Int) async throws -> [UInt8] {
        let size = upload.inspection
        let edge = max(16, width * max(size.width, size.height) / max(1, size.width))
        do throws(EngineFault) {
            let picture: OpenFile
            do {
                picture = try await blobs.open(.picture(upload.id), in: upload.sessionID)
            } catch {
                throw .failed("\(error)")
            }
            return try await engine.inspect(picture, limits: limits.picture, previewEdge: min(edge, limits.previewEdge))
                .preview
        } catch {
            throw Problem(
                .engineUnavailable, "The part that reads pictures isn't ready. Try again in a moment.", cause: error)
        }
    }

    @Sendable private func remove(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await upload(context)
        guard let names = try await studies.deleteUpload(upload.id, in: upload.sessionID) else {
            throw Fault.notFound
        }
        try await blobs.delete(names, in: upload.sessionID)
        return Response(status: .noContent)
    }

    private func upload(_ context: AppContext) async throws -> Upload {
        let session = try context.session.id
        guard let upload = try await studies.upload(try context.identifier("upload"), in: session) else {
            throw Fault.notFound
        }
        return upload
    }
}

extension ReceiveUpload.Reception {
    /// Feeds the reception, and finishes it under the name that `body` returns. Whatever goes wrong, nothing is left.
    fileprivate mutating func receiving(
        _ body: (inout ReceiveUpload.Reception) async throws -> String?
    ) async throws -> Upload {
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

/// The file name in a `Content-Disposition` header (RFC 6266), where `filename*` (RFC 8187) comes before `filename`.
enum ContentDisposition {
    static func fileName(_ header: String?) -> String? {
        guard let header else { return nil }
        var plain: String?
        for parameter in header.split(separator: ";").dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2 else { continue }
            switch pair[0].lowercased() {
            case "filename*":
                let pieces = pair[1].split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
                if pieces.count == 3, pieces[0].lowercased() == "utf-8",
                    let name = String(pieces[2]).removingPercentEncoding
                {
                    return name
                }
            case "filename":
                plain = pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\"")).replacing("\\\"", with: "\"")
            default: continue
            }
        }
        return plain
    }

    /// A header that offers `name` for saving, in ASCII and in UTF-8.
    static func attachment(_ name: String) -> String {
        let ascii = String(name.map { $0.isASCII && $0 != "\"" && $0 != "\\" ? $0 : "_" })
        let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ascii
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(encoded)"
    }
}
