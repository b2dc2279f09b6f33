import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing
import Workflows

@testable import WebAPI

@Suite("Made once")
struct CreateOnceTests {
    /// Keeps in memory what a key stands for.
    private final class MemoryAnswers: IdempotencyStore {
        private struct Row {
            var fingerprint: String
            var isRunning = true
            var made: Made?
            var answer: StoredAnswer?
        }

        private let rows = Mutex<[String: Row]>([:])
        /// Whether an answer can be written.
        let isWriting = Mutex(true)

        func begin(
            _ key: String, fingerprint: String, in session: SessionID, at now: Date
        ) async throws(Fault) -> Booking {
            let booking = rows.withLock { rows -> Result<Booking, Fault> in
                guard let row = rows[key] else {
                    rows[key] = Row(fingerprint: fingerprint)
                    return .success(.free)
                }
                guard row.fingerprint == fingerprint else { return .failure(.keyReused) }
                if let answer = row.answer { return .success(.answered(answer)) }
                guard !row.isRunning else { return .failure(.requestInProgress) }
                rows[key]?.isRunning = true
                return .success(row.made.map { .made($0) } ?? .free)
            }
            return try booking.get()
        }

        /// As a store does in the transaction that writes a row.
        func note(_ id: String) {
            guard let making = Making.current else { return }
            rows.withLock { rows in
                let noted = rows[making.key]?.made
                rows[making.key]?.made = making.note(of: id, beside: noted)
            }
        }

        func finish(_ key: String, with answer: StoredAnswer, in session: SessionID) async throws(Fault) {
            let isWriting = isWriting.withLock { $0 }
            rows.withLock {
                $0[key]?.isRunning = false
                if isWriting { $0[key]?.answer = answer }
            }
            guard isWriting else { throw .storageFull }
        }

        func abandon(_ key: String, in session: SessionID) async throws(Fault) {
            rows.withLock { if $0[key]?.made == nil { $0[key] = nil } else { $0[key]?.isRunning = false } }
        }

        func restoreInterrupted() async throws(Fault) {}
    }

    private let answers = MemoryAnswers()
    private let session = SessionID.make(at: .now)
    private var once: CreateOnce { CreateOnce(answers: answers, now: { .now }) }
    private let request = Request(
        head: HTTPRequest(
            method: .post, scheme: nil, authority: nil, path: "/x",
            headerFields: [HTTPField.Name("Idempotency-Key")!: "k"]), body: RequestBody(buffer: ByteBuffer()))

    private static func isReplayed(_ response: Response) -> Bool { response.headers[.idempotentReplayed] == "true" }

    @Test("What failed can be tried again, and what was answered is answered again")
    func answered() async throws {
        var made = 0
        func ask() async throws -> Response {
            try await once(request, fingerprint: "", in: session) {
                made += 1
                guard made > 1 else { throw Fault.storageBusy }
                answers.note("one")
                return Response(status: .created, headers: [.location: "/one"])
            } again: { _ in
                Issue.record("There is an answer.")
                return nil
            }
        }
        await #expect(throws: Fault.self) { try await ask() }
        let first = try await ask()
        #expect(first.status == .created && !Self.isReplayed(first))
        for _ in 0..<2 {
            let again = try await ask()
            #expect(again.status == .created && again.headers[.location] == "/one" && Self.isReplayed(again))
        }
        #expect(made == 2)
    }

    @Test("What was made, and whose answer could not be written, is answered from what was made")
    func unwritten() async throws {
        answers.isWriting.withLock { $0 = false }
        var made: [String] = []
        func ask() async throws -> Response {
            try await once(request, fingerprint: "", in: session) {
                made.append("\(made.count)")
                try Making.current?.carries("digest")
                answers.note(made[made.count - 1])
                return Response(status: .created, headers: [.location: "/0"])
            } again: {
                #expect($0 == Made(id: "0", digest: "digest"))
                #expect(Making.current == nil, "Nothing is made")
                return Response(status: .created, headers: [.location: "/\($0.id ?? "")"])
            } isSame: {
                $0 == "digest"
            }
        }
        #expect(!Self.isReplayed(try await ask()))
        let again = try await ask()
        #expect(again.status == .created && again.headers[.location] == "/0" && Self.isReplayed(again))
        // From now on as if it had been written at once.
        answers.isWriting.withLock { $0 = true }
        for _ in 0..<3 { #expect(Self.isReplayed(try await ask())) }
        #expect(made == ["0"])
    }

    @Test("What fails after it was made isn't made a second time")
    func failedLater() async throws {
        var made = 0
        func ask() async throws -> Response {
            try await once(request, fingerprint: "", in: session) {
                made += 1
                answers.note("one")
                throw Fault.storageBusy
            } again: { _ in
                Response(status: .created)
            }
        }
        await #expect(throws: Fault.self) { try await ask() }
        #expect(try await ask().status == .created)
        #expect(made == 1)
    }

    @Test("What doesn't count any more is made again, and is what stands on the key from then on")
    func void() async throws {
        var made = 0
        func ask() async throws -> Response {
            try await once(request, fingerprint: "", in: session) {
                made += 1
                answers.note("\(made)")
                guard made > 1 else { throw Fault.reportsBusy }
                #expect(Making.current?.before?.id == "1")
                return Response(status: .created)
            } again: {
                $0.id == "1" ? nil : Response(status: .accepted)
            }
        }
        await #expect(throws: Fault.self) { try await ask() }
        answers.isWriting.withLock { $0 = false }
        let second = try await ask()
        #expect(second.status == .created && !Self.isReplayed(second))
        #expect(try await ask().status == .accepted)
        #expect(made == 2)
    }

    @Test("What is remembered by its id is found by it, whichever way it is known")
    func remembered() async throws {
        answers.isWriting.withLock { $0 = false }
        func ask() async throws -> (id: String, isReplayed: Bool) {
            try await once.remembering(request, fingerprint: "", in: session) {
                answers.note("one")
                return "one"
            }
        }
        #expect(try await ask() == ("one", false))
        #expect(try await ask() == ("one", true))
        answers.isWriting.withLock { $0 = true }
        for _ in 0..<2 { #expect(try await ask() == ("one", true)) }
    }
}
