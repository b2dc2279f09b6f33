import Domain
import Foundation
import GRDB
import Testing
import Workflows

@testable import SQLiteStore

@Suite("Reports in SQLite")
struct ReportTests {
    private let fixture: Fixture
    private let store: SQLiteReportStore
    private let analysis: Analysis

    init() async throws {
        fixture = try await Fixture()
        store = SQLiteReportStore(fixture.database)
        analysis = try await fixture.queued(try await fixture.upload())
    }

    private func report(limit: Int = 10, at time: Date = Fixture.start) async throws -> Report {
        let report = Report(
            id: .make(at: time), sessionID: analysis.sessionID, analysisID: analysis.id,
            options: .init(audience: .patient, paper: .letter, namesFile: true), fileStem: "stem", createdAt: time,
            updatedAt: time)
        try await store.insert(report, limit: limit)
        return report
    }

    private static func document(_ format: Report.Format = .pdf, edition: String = "") -> Report.Document {
        Report.Document(format: format, edition: edition, bytes: 3, sha256: "ab", madeAt: Fixture.start)
    }

    @Test("A report comes back as it was asked for, with its documents, in its own session only")
    func keeping() async throws {
        defer { fixture.remove() }
        var report = try await report()
        try await store.keep(Self.document(), of: report.id, in: report.sessionID)
        try await store.keep(Self.document(.text, edition: "w1"), of: report.id, in: report.sessionID)
        report.documents = [Self.document(), Self.document(.text, edition: "w1")]
        #expect(try await store.report(report.id, in: report.sessionID) == report)
        #expect(try await store.reports(in: report.sessionID) == [report])
        #expect(try await store.report(report.id, in: Fixture.makeSession().id) == nil)
        let ready = try #require(
            try await store.finish(report.id, attempt: 1, failure: nil, revision: 7, at: Fixture.start))
        #expect((ready.state, ready.revision) == (.ready, 7))
        #expect(try await store.finish(report.id, attempt: 1, failure: nil, revision: 9, at: Fixture.start) == nil)
        await #expect(throws: (any Error).self) {
            try await store.cancel(report.id, in: report.sessionID, revision: 9, at: Fixture.start)
        }
    }

    @Test("A cancelled report takes no document and no end")
    func cancelling() async throws {
        defer { fixture.remove() }
        let report = try await report()
        try await store.keep(Self.document(), of: report.id, in: report.sessionID)
        let cancelled = try await store.cancel(report.id, in: report.sessionID, revision: 4, at: Fixture.start)
        #expect((cancelled.state, cancelled.documents.count) == (.cancelled, 0))
        await #expect(throws: (any Error).self) {
            try await store.keep(Self.document(), of: report.id, in: report.sessionID)
        }
        #expect(try await store.finish(report.id, attempt: 1, failure: nil, revision: 9, at: Fixture.start) == nil)
    }

    @Test("After an interruption a report is made again, and the third time it has failed")
    func restoring() async throws {
        defer { fixture.remove() }
        let report = try await report()
        #expect(try await store.restoreInterrupted(attempts: 3, at: Fixture.start).map(\.attempt) == [2])
        #expect(try await store.finish(report.id, attempt: 1, failure: nil, revision: 9, at: Fixture.start) == nil)
        #expect(try await store.restoreInterrupted(attempts: 3, at: Fixture.start).map(\.attempt) == [3])
        #expect(try await store.restoreInterrupted(attempts: 3, at: Fixture.start) == [])
        let failed = try #require(try await store.report(report.id, in: report.sessionID))
        #expect((failed.state, failed.failure) == (.failed, Report.Failure(.interrupted)))
        #expect(failed.revision > 3000)
    }

    @Test("A session holds so many reports, and deleting one makes room and names its files")
    func limit() async throws {
        defer { fixture.remove() }
        let first = try await report(limit: 1)
        await #expect(throws: (any Error).self) { try await report(limit: 1) }
        try await store.keep(Self.document(.fhir, edition: "w1"), of: first.id, in: first.sessionID)
        let names = try await store.delete(first.id, in: first.sessionID)
        #expect(
            Set(names ?? []) == [
                .report(first.id, .fhir, edition: "w1"), .reportSnapshot(first.id), .reportPicture(first.id),
            ])
        #expect(try await store.delete(first.id, in: first.sessionID) == nil)
        _ = try await report(limit: 1)
    }

    @Test("Files belong to a report as long as its row, or that of its document, is there")
    func owning() async throws {
        defer { fixture.remove() }
        let report = try await report()
        let (studies, session) = (fixture.studies, report.sessionID)
        try await store.keep(Self.document(), of: report.id, in: session)
        #expect(try await studies.owns(.reportSnapshot(report.id), in: session))
        #expect(try await studies.owns(.report(report.id, .pdf, edition: ""), in: session))
        #expect(try await !studies.owns(.report(report.id, .pdf, edition: "w1"), in: session))
        #expect(try await !studies.owns(.report(report.id, .text, edition: ""), in: session))
        #expect(try await !studies.owns(.reportPicture(report.id), in: Fixture.makeSession().id))
        let names = try #require(try await studies.deleteUpload(analysis.uploadID, in: session))
        let own: Set<BlobName> = [
            .reportSnapshot(report.id), .reportPicture(report.id), .report(report.id, .pdf, edition: ""),
        ]
        #expect(own.isSubset(of: names))
        #expect(try await !studies.owns(.report(report.id, .pdf, edition: ""), in: session))
    }

    @Test("A report from before keeps its document")
    func migrating() throws {
        defer { fixture.remove() }
        let queue = try DatabaseQueue()
        try Schema.migrator.migrate(queue, upTo: "4: conversations")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO sessions VALUES ('s', x'01', 0, 0, 'v', 0, x'');
                    INSERT INTO uploads VALUES ('u', 's', 'a.png', 1, '00', '{}', 0, NULL);
                    INSERT INTO analyses (id, session_id, upload_id, state, attempt, revision, queued_at, created_at,
                        updated_at) VALUES ('a', 's', 'u', 'completed', 1, 1, 0, 0, 0);
                    INSERT INTO reports VALUES ('01a20953-5594-79a5-bd55-caf3503d0159', 's', 'a', 'clinician',
                        'lightbox-1.pdf', 12, 'ff', 5);
                    """)
        }
        try Schema.migrator.migrate(queue)
        try queue.write { database in
            let row = try #require(try Row.fetchOne(database, sql: "SELECT * FROM reports"))
            #expect((row["state"], row["file_stem"]) == ("ready", "lightbox-1"))
            let options = try JSONColumn.decode(Report.Options.self, row["options"])
            #expect(options == Report.Options(audience: .clinician))
            let document = try Report.Document(
                try #require(try Row.fetchOne(database, sql: "SELECT * FROM report_documents")))
            #expect((document.format, document.edition, document.bytes, document.sha256) == (.pdf, "", 12, "ff"))
            try database.execute(sql: "DELETE FROM sessions")
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM report_documents") == 0)
        }
    }
}
