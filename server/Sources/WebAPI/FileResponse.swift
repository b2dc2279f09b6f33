import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Workflows

/// Answers with a file, or with a part of it: ETag, `If-None-Match` and `Range` (RFC 9110, sections 13 and 14).
struct FileResponse: Sendable {
    let contentType: String
    /// In quotes.
    let tag: String
    var fileName: String?
    /// Whether a browser may show it instead of saving it.
    var isInline = false
    var isGzip = false

    /// What is read at once, so that memory stays the same however large the file is.
    private static let piece = 256 << 10

    /// - Parameter open: called only if bytes are wanted.
    func answer(_ request: Request, _ open: () async throws -> any ByteSource) async throws -> Response {
        var headers: HTTPFields = [
            .contentType: contentType, .eTag: tag, .acceptRanges: "bytes", .cacheControl: "private, no-cache",
        ]
        if let fileName { headers[.contentDisposition] = ContentDisposition.offer(fileName, isInline: isInline) }
        if isGzip { headers[.contentEncoding] = "gzip" }
        if Self.matches(request.headers[.ifNoneMatch], tag) { return Response(status: .notModified, headers: headers) }
        let file = try await open()
        // A range of another version than the one that is here would be put together wrongly (RFC 9110, section 13.1.5).
        let condition = request.headers[.ifRange]
        let wanted = condition == nil || condition == tag ? request.headers[.range] : nil
        switch ByteRange(wanted, size: file.size) {
        case .whole:
            return Response(status: .ok, headers: headers, body: Self.body(file, 0..<file.size))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(file.size)"
            return Response(
                status: .partialContent, headers: headers,
                body: Self.body(file, range.lowerBound..<range.upperBound + 1))
        case .unsatisfiable:
            var problem = Problem(.rangeNotSatisfiable, "The document has \(file.size) bytes.")
            problem.headers[.contentRange] = "bytes */\(file.size)"
            throw problem
        }
    }

    static func body(_ file: any ByteSource, _ range: Range<Int>) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            try await LongWork.away {
                var start = range.lowerBound
                while start < range.upperBound {
                    let end = min(range.upperBound, start + piece)
                    try await writer.write(ByteBuffer(bytes: try await file.read(start..<end)))
                    start = end
                }
            }
            try await writer.finish(nil)
        }
    }

    private static func matches(_ header: String?, _ tag: String) -> Bool {
        guard let header else { return false }
        return header == "*"
            || header.split(separator: ",").contains { candidate in
                let text = candidate.trimmingCharacters(in: .whitespaces)
                return text == tag || text == "W/" + tag
            }
    }
}

extension HTTPField.Name {
    static let ifRange = Self("If-Range")!
}
