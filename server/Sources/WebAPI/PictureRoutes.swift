import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Workflows

/// The pictures themselves: small, in full depth, as they were sent, and without what tells whose they are.
struct PictureRoutes: Sendable {
    let studies: any StudyStore
    let blobs: any BlobStore
    let engine: any PictureEngine
    let limits: Limits

    func add(to api: RouterGroup<AppContext>) {
        api.get("uploads/:upload/preview", use: preview)
        api.get("uploads/:upload/samples", use: pixels)
        api.get("uploads/:upload/file", use: file)
        api.get("uploads/:upload/deidentified", use: deidentified)
        api.get("uploads/:upload/deidentified/removed", use: removed)
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
        let upload = try await context.upload(in: studies)
        let view = try View(request, of: upload, limits)
        let edge = edge(for: view.width, of: upload.inspection)
        guard view.frame == 0, view.adjustment == .none else {
            let change = view.adjustment
            let tag = "\"\(upload.id).\(edge).\(view.frame).\(change.turn).\(change.mirror).\(change.invert)\""
            let answer = FileResponse(contentType: "image/jpeg", tag: tag)
            return try await answer.answer(request) {
                let bytes = try await EngineWork.carryOut { () throws(EngineFault) in
                    try await engine.render(
                        try await picture(of: upload), limits: limits.picture, frame: view.frame, adjustment: change,
                        edge: edge)
                }
                return MadeBytes(bytes)
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
        let upload = try await context.upload(in: studies)
        let frame = try View(request, of: upload, limits).frame
        let answer = FileResponse(
            contentType: "application/octet-stream", tag: "\"\(upload.id).samples.\(frame)\"", isGzip: true)
        return try await answer.answer(request) {
            let name = BlobName.samples(upload.id, frame: frame)
            if let kept = try await kept(name, of: upload) { return kept }
            let made = try await EngineWork.carryOut { () throws(EngineFault) in
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
        let upload = try await context.upload(in: studies)
        return try await FileResponse(
            contentType: upload.inspection.format.mediaTypes[0], tag: "\"\(upload.sha256)\"", fileName: upload.fileName
        ).answer(request) {
            let file = try await blobs.picture(of: upload)
            return upload.inspection.format == .dicom ? try await NeutralFile(file) : file
        }
    }

    @Sendable private func deidentified(_ request: Request, context: AppContext) async throws -> Response {
        let upload = try await context.upload(in: studies)
        // Identifiers are replaced by others each time, so that no part can be joined with one of an earlier answer.
        let file = try await deidentify(upload).file
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/dicom", .cacheControl: "no-store",
                .contentDisposition: ContentDisposition.offer("picture-\(upload.id.description.suffix(6)).dcm"),
            ], body: FileResponse.body(file, 0..<file.size))
    }

    private struct RemovedBody: Encodable {
        var removed: [DeidentifiedElement]
    }

    @Sendable private func removed(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(RemovedBody(removed: try await deidentify(try await context.upload(in: studies)).removed))
    }

    private func deidentify(_ upload: Upload) async throws -> (file: any StoredFile, removed: [DeidentifiedElement]) {
        guard upload.inspection.format == .dicom else { throw Fault.notFound }
        return try await EngineWork.carryOut { () throws(EngineFault) in
            try await engine.deidentify(try await picture(of: upload), limits: limits.picture)
        }
    }

    private func picture(of upload: Upload) async throws(EngineFault) -> any StoredFile {
        do throws(Fault) {
            return try await blobs.picture(of: upload)
        } catch {
            throw .failed("\(error)")
        }
    }
}

extension AppContext {
    /// The upload in the path.
    ///
    /// - Throws: ``Problem`` `session-required`; ``Fault/notFound``, the same for one of another session.
    func upload(in studies: any StudyStore) async throws -> Upload {
        // Without a session nothing else is told.
        let session = try session.id
        guard let upload = try await studies.upload(try identifier("upload"), in: session) else {
            throw Fault.notFound
        }
        return upload
    }
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
