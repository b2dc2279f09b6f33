import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Workflows

extension HTTPField.Name {
    static let idempotencyKey = Self("Idempotency-Key")!
    /// `true` on an answer that was given before.
    static let idempotentReplayed = Self("Idempotent-Replayed")!
}

/// Makes something once, however often the same request is sent (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key).
/// A request without the header is simply carried out.
struct CreateOnce: Sendable {
    let answers: any IdempotencyStore
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - fingerprint: what makes the request this one and no other.
    ///   - create: makes it; an error is not remembered, so that the same can be tried again.
    ///   - digest: of what the request carried; asked for when it was carried out.
    ///   - isSame: whether the request is the one that was answered, where its fingerprint doesn't tell.
    /// - Throws: ``Problem`` `key-reused`, `request-in-progress`.
    func callAsFunction(
        _ request: Request, fingerprint: String, in session: SessionID, _ create: () async throws -> Response,
        digest: () -> String? = { nil }, isSame: (StoredAnswer) async throws -> Bool = { _ in true }
    ) async throws -> Response {
        guard let key = request.headers[.idempotencyKey] else { return try await create() }
        guard (1...200).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Problem(
                .badRequest, "An Idempotency-Key has 1 to 200 visible ASCII characters.",
                faults: [
                    FieldFault(
                        pointer: "/headers/Idempotency-Key", code: .notReadable, detail: "This isn't a valid key.")
                ])
        }
        let mark = SHA256.hash(data: Data("\(request.method) \(request.uri.path) \(fingerprint)".utf8)).hexadecimal
        if let answer = try await answers.begin(key, fingerprint: mark, in: session, at: now()) {
            guard try await isSame(answer) else { throw Fault.keyReused }
            var response = Response(answer)
            response.headers[.idempotentReplayed] = "true"
            return response
        }
        var answer: StoredAnswer
        let response: Response
        do {
            (response, answer) = try await Self.stored(try await create())
        } catch {
            try? await answers.abandon(key, in: session)
            throw error
        }
        answer.digest = digest()
        // It is made, whether or not that can be noted: then its key stays booked, and the same request again is told that
        // the first one is under way, and makes no second one.
        try? await answers.finish(key, with: answer, in: session)
        return response
    }

    /// Like ``callAsFunction(_:fingerprint:in:_:digest:isSame:)`` for an answer that isn't kept whole, because it is a
    /// stream.
    ///
    /// - Parameter create: makes it, and gives what is needed to find it again.
    /// - Returns: what `create` gave, now or the first time, and whether it was the first time.
    func remembering(
        _ request: Request, fingerprint: String, in session: SessionID, _ create: () async throws -> String
    ) async throws -> (note: String, isReplayed: Bool) {
        var made: String?
        let response = try await self(request, fingerprint: fingerprint, in: session) {
            let note = try await create()
            made = note
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: note)))
        }
        if let made { return (made, false) }
        let body = BodyCollector()
        try await response.body.write(body)
        return (String(decoding: body.bytes, as: UTF8.self), true)
    }

    private static func stored(_ response: Response) async throws -> (Response, StoredAnswer) {
        let body = BodyCollector()
        try await response.body.write(body)
        let bytes = body.bytes
        var headers: [String: String] = [:]
        for field in response.headers { headers[field.name.rawName] = field.value }
        let answer = StoredAnswer(
            status: response.status.code, headers: headers, body: String(decoding: bytes, as: UTF8.self))
        return (Response(answer), answer)
    }
}

/// Takes a body as a whole; those of created things are small.
private final class BodyCollector: ResponseBodyWriter {
    private let collected = Mutex<[UInt8]>([])

    var bytes: [UInt8] { collected.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        collected.withLock { $0 += buffer.readableBytesView }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension Response {
    fileprivate init(_ answer: StoredAnswer) {
        var headers = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        self.init(
            status: .init(code: answer.status), headers: headers,
            body: answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
    }
}
