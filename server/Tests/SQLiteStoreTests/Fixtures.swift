import Domain
import Foundation
import Testing
import Workflows

@testable import SQLiteStore

/// A database in a file of its own, with a session in it.
struct Fixture {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    let folder: URL
    let database: SQLiteDatabase
    let session: Session
    var sessions: SQLiteSessionStore { SQLiteSessionStore(database) }
    var studies: SQLiteStudyStore { SQLiteStudyStore(database, now: { Self.start }) }

    /// - Parameter trace: hears of every statement.
    init(tracing trace: (@Sendable (String) -> Void)? = nil) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try SQLiteDatabase(path: folder.appending(path: "test.sqlite").path, upTo: nil, tracing: trace)
        database.unlock(with: SimpleKeys())
        session = Self.makeSession()
        try await sessions.insert(session, tokenHash: [1], wrappedKey: [7])
    }

    static func makeSession(at time: Date = start) -> Session {
        Session(id: .make(at: time), createdAt: time, lastSeenAt: time, consent: .init(version: "v", acceptedAt: time))
    }

    func upload(in owner: Session? = nil, limit: Int = 50) async throws -> Upload {
        let upload = Upload(
            id: .make(at: Self.start), sessionID: (owner ?? session).id, fileName: "a.png", bytes: 1, sha256: "00",
            inspection: .init(format: .png, width: 10, height: 10, bitsPerSample: 8, channels: 1, frames: 1),
            createdAt: Self.start)
        try await studies.insert(upload, limit: limit, ending: nil)
        return upload
    }

    func queued(
        _ upload: Upload, at time: Date = start, limit: Int = 10, as priority: AcuityLevel = .routine,
        perSession: Int = 1000
    ) async throws -> Analysis {
        let analysis = Analysis(
            id: .make(at: time), sessionID: upload.sessionID, uploadID: upload.id, createdAt: time, updatedAt: time)
        try await studies.enqueue(analysis, as: priority, limits: QueueLimits(all: limit, perSession: perSession))
        return analysis
    }

    /// Who is waiting, in the order of the queue.
    func line(turn: Int = 0, at time: Date = start) async throws -> [AnalysisID] {
        QueueOrder().sorted(try await studies.waiting(), turn: turn, now: time).map(\.id)
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }
}

extension Booking {
    var answer: StoredAnswer? { if case .answered(let answer) = self { answer } else { nil } }
}

/// Keys of sessions that need no master key: each is made of what is stored as the wrapped one.
struct SimpleKeys: KeyUnwrapping {
    func unwrap(_ wrapped: [UInt8], of session: SessionID) -> DataKey? {
        DataKey(bytes: Array((wrapped + [UInt8](repeating: 0, count: 32)).prefix(32)))
    }

    func make(for session: SessionID) -> [UInt8] { Array(session.description.utf8.prefix(32)) }
}
