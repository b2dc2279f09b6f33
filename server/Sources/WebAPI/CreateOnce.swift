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
    ///   - create: makes it, as ``Workflows/Making/current``; an error is not remembered, so that the same can be tried
    ///     again.
    ///   - again: the answer from what was made before the process could write one; nil where nothing of it counts any
    ///     more, or more of it has to be made: then `create` goes on.
    ///   - isSame: whether the request is the one that was answered, where its fingerprint doesn't tell; told the digest
    ///     of what that one carried.
    /// - Throws: ``Problem`` `key-reused`, `request-in-progress`.
    func callAsFunction(
        _ request: Request, fingerprint: String, in session: SessionID, _ create: () async throws -> Response,
        again: (Made) async throws -> Response?, isSame: (String?) async throws -> Bool = { _ in true }
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
        let before: Made?
        switch try await answers.begin(key, fingerprint: mark, in: session, at: now()) {
        case .answered(let answer):
            guard try await isSame(answer.digest) else { throw Fault.keyReused }
            return Self.replayed(Response(answer))
        case .made(let made): before = made
        case .free: before = nil
        }
        let making = Making(key, in: session, after: before)
        var answer: StoredAnswer
        let response: Response
        let isReplayed: Bool
        do {
            let given: Response
            if let before, let answer = try await again(before) {
                (given, isReplayed) = (answer, true)
            } else {
                (given, isReplayed) = (try await Making.$current.withValue(making) { try await create() }, false)
            }
            (response, answer) = try await Self.stored(given)
        } catch {
            try? await answers.abandon(key, in: session)
            throw error
        }
        answer.digest = making.digest
        // It is made, whether or not its answer can be written: then what was made stays noted on the key, and the same
        // request again is answered from that.
        try? await answers.finish(key, with: answer, in: session)
        return isReplayed ? Self.replayed(response) : response
    }

    private static func replayed(_ response: Response) -> Response {
        var response = response
        response.headers[.idempotentReplayed] = "true"
        return response
    }

    /// Like ``callAsFunction(_:fingerprint:in:_:again:isSame:)`` for an answer that isn't kept whole, because it is a
    /// stream.
    ///
    /// - Parameter create: makes it, and gives its id.
    /// - Returns: what `create` gave, now or the first time, and whether it was the first time.
    func remembering(
        _ request: Request, fingerprint: String, in session: SessionID, _ create: () async throws -> String
    ) async throws -> (id: String, isReplayed: Bool) {
        var made: String?
        let response = try await self(request, fingerprint: fingerprint, in: session) {
            let id = try await create()
            made = id
            return Self.response(of: id)
        } again: {
            $0.id.map(Self.response)
        }
        if let made { return (made, false) }
        let body = BodyCollector()
        try await response.body.write(body)
        return (String(decoding: body.bytes, as: UTF8.self), true)
    }

    private static func response(of id: String) -> Response {
        Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: id)))
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
