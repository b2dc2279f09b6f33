import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Multipart
import NIOCore
import Workflows

/// What a form may have around the file: its headers and other small fields.
private let formAllowance = 64 << 10

/// The file in a request, whatever it is wrapped in.
extension UploadRoutes {
    private struct SampleRequest: Decodable {
        var sampleId: String
    }

    /// What a request carries.
    enum Content {
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
    func read(
        _ request: Request, _ content: Content, _ sink: (ArraySlice<UInt8>) async throws -> Void
    ) async throws -> String? {
        switch content {
        case .raw:
            for try await buffer in request.body { try await sink(Array(buffer.readableBytesView)[...]) }
            return ContentDisposition.fileName(request.headers[.contentDisposition])
        case .form(let contentType, _): return try await form(request, contentType, sink)
        case .sample:
            let sample = try await samples.read(try await JSON.decode(SampleRequest.self, from: request).sampleId)
            try await sink(sample.bytes[...])
            return sample.name
        }
    }

    private func form(
        _ request: Request, _ contentType: String, _ sink: (ArraySlice<UInt8>) async throws -> Void
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
                        try await sink(bytes)
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
}
