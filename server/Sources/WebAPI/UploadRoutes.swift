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

/// What a form may have around the file: its headers and other small fields.
private let formAllowance = 64 << 10

/// Receiving pictures, and showing what was received.
struct UploadRoutes: Sendable {
    let receive: ReceiveUpload
    let studies: any StudyStore
    let blobs: any BlobStore
    let samples: any SampleStore
    let engine: any PictureEngine
    let identity: CheckIdentity
    let once: CreateOnce
    let limits: Limits

    func add(to api: RouterGroup<AppContext>) {
        api.get("samples", use: listSamples)
        api.post("uploads", use: create)
        api.get("uploads", use: list)
        api.get("uploads/:upload", use: show)
        api.get("uploads/:upload/preview", use: preview)
        api.get("uploads/:upload/samples", use: pixels)
        api.get("uploads/:upload/file", use: file)
        api.get("uploads/:upload/deidentified", use: deidentified)
        api.get("uploads/:upload/deidentified/removed", use: removed)
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
        var samples: String
        var file: String
        /// Of a DICOM file.
        var deidentified: String?
        var burnedInText: BurnedIn
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
            let address = "/api/v1/uploads/\(upload.id)"
            preview = "\(address)/preview"
            samples = "\(address)/samples"
            file = "\(address)/file"
            deidentified = upload.inspection.format == .dicom ? "\(address)/deidentified" : nil
            burnedInText = BurnedIn(upload.burnedIn)
        }
    }

    /// Letters in the pixels.
    struct BurnedIn: Encodable {
        enum State: String, Encodable {
            case pending, unknown, none, found
        }

        var state: State
        var lines: [BurnedInText.Line] = []
        var sideMarkers: [BurnedInText.Line] = []

        init(_ burnedIn: Upload.BurnedIn) {
            switch burnedIn {
            case .pending: state = .pending
            case .unknown: state = .unknown
            case .read(let text):
                state = text.lines.isEmpty ? .none : .found
                lines = text.lines
                sideMarkers = text.sideMarkers
            }
        }
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
        let hasKey = request.headers[.idempotencyKey] != nil
        var hash = SHA256()
        return try await once(request, fingerprint: "upload", in: session) {
            let began = ContinuousClock.now
            var received = began
            var incoming = try await receive.begin(in: session, announced: content.announced)
            let kept = try await incoming.receiving { incoming in
                let name = try await read(request, content) {
                    if hasKey { hash.update(data: $0) }
                    try await incoming.write($0)
                }
                received = .now
                return name
            }
            switch kept {
            case .picture(let upload, let timing):
                // W3C Server Timing; durations in milliseconds.
                let parts = [("receive", received - began), ("check", timing.check), ("commit", timing.commit)]
                let said = parts.map { String(format: "%@;dur=%.1f", $0, $1 / .milliseconds(1)) }
                return try JSON.response(
                    Body(upload, identity: try await identity(upload)), status: .created,
                    headers: [
                        .location: "/api/v1/uploads/\(upload.id)", .serverTiming: said.joined(separator: ", "),
                    ])
            case .archive(let uploads, let refused):
                return try JSON.response(
                    ArchiveBody(uploads: uploads.map { Body($0) }, refused: refused), status: .created,
                    headers: [.location: "/api/v1/uploads"])
            }
        } digest: {
            hash.finalize().map { String(format: "%02x", $0) }.joined()
        } isSame: { answer in
            // The same file, whatever it is wrapped in: a form gets a new boundary each time.
            var hash = SHA256()
            _ = try await read(request, content) { hash.update(data: $0) }
            return hash.finalize().map { String(format: "%02x", $0) }.joined() == answer.digest
        }
    }

    /// What a request carries.
    private enum Content {
        case raw(announced: Int?)
        case form(contentType: String, announced: Int?)
        case sample

        init(_ request: Request) throws {
            let contentType = request.headers[.contentType] ?? "application/octet-stream"
            let length = request.headers[.contentLength].flatMap { Int($0) }
            switch contentType.prefix(while: { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased() {
            case "multipart/form-data":
                self = .form(contentType: contentType, announced: length.map { max(0, $0 - formAllowance) })
            case "application/json": self = .sample
            case "application/octet-stream", "application/dicom", "application/zip", "image/png", "image/jpeg",
                "image/webp", "image/tiff":
                self = .raw(announced: length)
            default:
                throw Problem(
                    .unsupportedMediaType,
                    "Send the picture as image/png, image/jpeg, image/webp, image/tiff, application/dicom or application/zip, or as the field “file” of a form."
                )
            }
        }

        var announced: Int? {
            switch self {
            case .raw(let announced), .form(_, let announced): announced
            case .sample: nil
            }
        }
    }

    /// Gives every piece of the file to `sink`.
    ///
    /// - Returns: the file's name, if the sender gave one.
    private func read(
        _ request: Request, _ content: Content, _ sink: ([UInt8]) async throws -> Void
    ) async throws -> String? {
        switch content {
        case .raw:
            for try await buffer in request.body { try await sink(Array(buffer.readableBytesView)) }
            return ContentDisposition.fileName(request.headers[.contentDisposition])
        case .form(let contentType, _): return try await form(request, contentType, sink)
        case .sample:
            let sample = try await samples.read(try await JSON.decode(SampleRequest.self, from: request).sampleId)
            try await sink(sample.bytes)
            return sample.name
        }
    }

    private func form(
        _ request: Request, _ contentType: String, _ sink: ([UInt8]) async throws -> Void
    ) async throws -> String? {
        var parser = try MultipartParser(
            boundary: try MultipartBoundary.parse(contentType: contentType), limits: .standard)
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
                        try await sink(Array(bytes))
                    } else {
                        others += bytes.count
                        guard others <= formAllowance else {
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

    // MARK: - Showing

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        let uploads = try await studies.uploads(in: try context.session.id)
        return try JSON.response(ListBody(uploads: uploads.map { Body($0) }))
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await upload(context)
        return try JSON.response(Body(upload, identity: try await identity(upload)))
    }

    /// What of a picture is asked for.
    private struct View {
        var width: Int?
        var frame = 0
        var adjustment = PictureAdjustment.none

        init(_ request: Request, of upload: Upload, _ limits: Limits) throws {
            let query = request.uri.queryParameters
            func number(_ name: Substring, in range: ClosedRange<Int>) throws -> Int? {
                guard let text = query[name] else { return nil }
                guard let number = Int(text), range.contains(number) else {
                    throw Problem(
                        .badRequest, "“\(name)” is a number from \(range.lowerBound) to \(range.upperBound).",
                        faults: [
                            FieldFault(
                                pointer: "/\(name)", code: .outOfRange,
                                detail: "This must be from \(range.lowerBound) to \(range.upperBound).")
                        ])
                }
                return number
            }
            func flag(_ name: Substring) throws -> Bool {
                switch query[name] {
                case nil, "false": return false
                case "true": return true
                default: throw Problem(.badRequest, "“\(name)” is true or false.")
                }
            }
            width = try number("width", in: 16...(limits.previewEdges.last ?? 1600))
            frame = try number("frame", in: 0...upload.inspection.frames - 1) ?? 0
            let turn = try number("turn", in: 0...270) ?? 0
            guard PictureAdjustment.turns.contains(turn) else {
                throw Problem(.badRequest, "“turn” is 0, 90, 180 or 270.")
            }
            adjustment = PictureAdjustment(turn: turn, mirror: try flag("mirror"), invert: try flag("invert"))
        }
    }

    @Sendable private func preview(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await upload(context)
        let view = try View(request, of: upload, limits)
        let edge = edge(for: view.width, of: upload.inspection)
        guard view.frame == 0, view.adjustment == .none else {
            let change = view.adjustment
            let tag = "\"\(upload.id).\(edge).\(view.frame).\(change.turn).\(change.mirror).\(change.invert)\""
            let answer = FileResponse(contentType: "image/jpeg", tag: tag)
            return try await answer.answer(request) {
                let bytes = try await work { () throws(EngineFault) in
                    try await engine.render(
                        try await picture(of: upload), limits: limits.picture, frame: view.frame, adjustment: change,
                        edge: edge)
                }
                return BytesFile(bytes: bytes)
            }
        }
        return try await FileResponse(contentType: "image/jpeg", tag: "\"\(upload.id).\(edge)\"").answer(request) {
            try await blobs.open(.preview(upload.id, edge: edge), in: upload.sessionID)
        }
    }

    /// The smallest of the kept sizes that is at least as wide as asked for; the largest without a wish.
    private func edge(for width: Int?, of picture: PictureInspection) -> Int {
        let largest = limits.previewEdges.last ?? 1600
        guard let width else { return largest }
        let longest = max(picture.width, picture.height)
        return limits.previewEdges.first { picture.width * min($0, longest) / max(1, longest) >= width } ?? largest
    }

    @Sendable private func pixels(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await upload(context)
        let frame = try View(request, of: upload, limits).frame
        let answer = FileResponse(
            contentType: "application/octet-stream", tag: "\"\(upload.id).samples.\(frame)\"", isGzip: true)
        return try await answer.answer(request) {
            let name = BlobName.samples(upload.id, frame: frame)
            if let kept = try await kept(name, of: upload) { return kept }
            let made = try await work { () throws(EngineFault) in
                try await engine.samples(of: try await picture(of: upload), limits: limits.picture, frame: frame)
            }
            if frame < BlobName.keptFrames {
                try? await blobs.put(try await made.readAll(), as: name, in: upload.sessionID)
            }
            return made
        }
    }

    private func kept(_ name: BlobName, of upload: Upload) async throws(Fault) -> (any StoredFile)? {
        do throws(Fault) {
            return try await blobs.open(name, in: upload.sessionID)
        } catch .notFound {
            return nil
        }
    }

    @Sendable private func file(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await upload(context)
        return try await FileResponse(
            contentType: upload.inspection.format.mediaTypes[0], tag: "\"\(upload.sha256)\"", fileName: upload.fileName
        ).answer(request) {
            let file = try await blobs.open(.picture(upload.id), in: upload.sessionID)
            return upload.inspection.format == .dicom ? try await NeutralFile(file) : file
        }
    }

    @Sendable private func deidentified(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await upload(context)
        // Identifiers are replaced by others each time, so that no part can be joined with one of an earlier answer.
        let file = try await deidentify(upload).file
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/dicom", .cacheControl: "no-store",
                .contentDisposition: ContentDisposition.attachment("picture-\(upload.id.description.suffix(6)).dcm"),
            ], body: FileResponse.body(file, 0..<file.size))
    }

    private struct RemovedBody: Encodable {
        var removed: [DeidentifiedElement]
    }

    @Sendable private func removed(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(RemovedBody(removed: try await deidentify(try await upload(context)).removed))
    }

    private func deidentify(_ upload: Upload) async throws -> (file: any StoredFile, removed: [DeidentifiedElement]) {
        guard upload.inspection.format == .dicom else { throw Fault.notFound }
        return try await work { () throws(EngineFault) in
            try await engine.deidentify(try await picture(of: upload), limits: limits.picture)
        }
    }

    private func picture(of upload: Upload) async throws(EngineFault) -> any StoredFile {
        do throws(Fault) {
            return try await blobs.open(.picture(upload.id), in: upload.sessionID)
        } catch {
            throw .failed("\(error)")
        }
    }

    private func work<Value>(_ work: () async throws(EngineFault) -> Value) async throws -> Value {
        do throws(EngineFault) {
            return try await work()
        } catch .picture(let fault) {
            throw Fault.picture(fault)
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

/// Bytes that were just made.
private struct BytesFile: StoredFile {
    let bytes: [UInt8]

    var size: Int { bytes.count }

    func read(_ range: Range<Int>) async throws(Fault) -> [UInt8] { Array(bytes[range]) }

    func exposed() throws(Fault) -> OpenFile { throw .notFound }

    func inMemory() async throws(Fault) -> OpenFile { throw .notFound }
}

/// A DICOM file as it is given out. The 128 bytes before the letters `DICM` mean nothing (PS3.10, section 7.1) and can make
/// a program of a picture: they are zeros here. What is kept is what was sent.
private struct NeutralFile: StoredFile {
    private let file: any StoredFile
    private let hasPreamble: Bool

    init(_ file: any StoredFile) async throws(Fault) {
        self.file = file
        hasPreamble = file.size >= 132 ? try await file.read(128..<132).elementsEqual("DICM".utf8) : false
    }

    var size: Int { file.size }

    func read(_ range: Range<Int>) async throws(Fault) -> [UInt8] {
        var bytes = try await file.read(range)
        let zeros = range.clamped(to: 0..<128)
        if hasPreamble, !zeros.isEmpty {
            let start = zeros.lowerBound - range.lowerBound
            bytes.replaceSubrange(start..<start + zeros.count, with: repeatElement(0, count: zeros.count))
        }
        return bytes
    }

    func exposed() throws(Fault) -> OpenFile { try file.exposed() }

    func inMemory() async throws(Fault) -> OpenFile { try await file.inMemory() }
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
