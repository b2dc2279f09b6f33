import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// How this API writes and reads JSON: times in ISO 8601 (UTC), nothing escaped that needn't be.
enum JSON {
    /// Larger JSON bodies than this are refused; the largest history is far smaller.
    static let longestBody = 256 << 10

    static func bytes(_ value: some Encodable) throws -> [UInt8] { try JSONWriter.bytes(value) }

    static func response(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try bytes(value))))
    }

    /// Reads a JSON body.
    ///
    /// - Throws: ``Problem`` that names the field that doesn't fit.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from request: Request, longest: Int = longestBody
    ) async throws -> Value {
        if let text = request.headers[.contentType] {
            let kind = text.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
            guard kind == "application/json" || (kind.hasPrefix("application/") && kind.hasSuffix("+json")) else {
                throw Problem(.unsupportedMediaType, "Send JSON, with the content type application/json.")
            }
        }
        // What is announced as too long isn't waited for.
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > longest {
            throw Problem(.payloadTooLarge, "At most \(longest) bytes are taken.")
        }
        let body = try await request.body.collect(upTo: longest)
        do {
            return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            throw Problem(error)
        }
    }
}

extension Problem {
    /// A JSON body of the wrong shape: where, and what was expected.
    init(_ error: DecodingError) {
        switch error {
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            self.init(.malformedJSON, "The body isn't JSON.")
        case .dataCorrupted(let context), .typeMismatch(_, let context):
            let pointer = context.codingPath.pointer
            self.init(
                .validationFailed, "One field is not right. Nothing was saved.",
                faults: [FieldFault(pointer: pointer, code: .wrongType, detail: "This has the wrong type.")])
        case .keyNotFound(let key, let context):
            let pointer = (context.codingPath + [key]).pointer
            self.init(
                .validationFailed, "A field is missing. Nothing was saved.",
                faults: [FieldFault(pointer: pointer, code: .required, detail: "This is missing.")])
        case .valueNotFound(_, let context):
            self.init(
                .validationFailed, "A field is missing. Nothing was saved.",
                faults: [FieldFault(pointer: context.codingPath.pointer, code: .required, detail: "This is missing.")])
        @unknown default:
            self.init(.malformedJSON, "The body doesn't have the expected shape.")
        }
    }
}

extension [any CodingKey] {
    /// As a JSON pointer (RFC 6901).
    var pointer: String {
        map { key in
            "/"
                + (key.intValue.map(String.init)
                    ?? key.stringValue.replacing("~", with: "~0").replacing("/", with: "~1"))
        }.joined()
    }
}
