import Crypto
public import Domain
public import Foundation
import Metrics
import Synchronization

/// Keeps what reports say, makes each of their documents when it is first asked for, keeps it, and gives it out.
public final class ReportArchive: Sendable {
    /// A document with its bytes.
    public struct Copy: Sendable {
        public let document: Report.Document
        public let content: any ByteSource
    }

    private struct Key: Hashable {
        let report: ReportID
        let format: Report.Format
        let edition: String
    }

    private let gather: GatherReport
    private let reports: any ReportStore
    private let blobs: any BlobStore
    private let renderer: any ReportRenderer
    private let limits: Limits
    private let now: @Sendable () -> Date
    private let places: Places
    private let running = Mutex<[Key: Task<Result<Copy, ReportFault>, Never>]>([:])
    private let gathering = Mutex<[ReportID: Task<Result<ReportContent, Fault>, Never>]>([:])

    /// - Parameter places: how many documents are drawn at once.
    public init(
        gather: GatherReport, reports: any ReportStore, blobs: any BlobStore, renderer: any ReportRenderer,
        limits: Limits, places: Int, now: @escaping @Sendable () -> Date
    ) {
        self.gather = gather
        self.reports = reports
        self.blobs = blobs
        self.renderer = renderer
        self.limits = limits
        self.now = now
        self.places = Places(places)
    }

    /// What this installation makes.
    public var formats: [Report.Format] { renderer.formats }

    // MARK: - What a report says

    /// Gathers it and keeps it. One that is kept already stays as it is.
    func keepSnapshot(of report: Report) async throws(ReportFault) {
        if (try? await blobs.open(.reportSnapshot(report.id), in: report.sessionID)) != nil { return }
        let content: ReportContent
        do throws(Fault) {
            content = try await gathered(report)
        } catch {
            throw ReportFault(error, available: [], report: report.id)
        }
        do throws(Fault) {
            try await keepSnapshot(content)
        } catch {
            // What couldn't be kept can be gathered again for a document that is given out at once.
            let isFull = if case .storageFull = error { true } else { false }
            let all = renderer.formats.filter { !$0.needsPicture || !content.preview.isEmpty }
            throw ReportFault(error, available: isFull ? all : [], report: report.id)
        }
    }

    private func gathered(_ report: Report) async throws(Fault) -> ReportContent {
        ReportProgress.current.enter(.gathering)
        var content = try await gather.content(of: report)
        ReportProgress.current.enter(.picture)
        // Without a picture there still are documents.
        content.preview = (try? await gather.picture(of: content)) ?? []
        return content
    }

    /// There was no room for it. What is gathered now says so, and is kept once there is; asked for by several at once, it is
    /// gathered once.
    private func gatheredAgain(_ report: Report) async throws(Fault) -> ReportContent {
        let task = gathering.withLock { gathering in
            if let task = gathering[report.id] { return task }
            let task = Task { [self] () -> Result<ReportContent, Fault> in
                defer { self.gathering.withLock { $0[report.id] = nil } }
                do throws(Fault) {
                    var content = try await gathered(report)
                    content.createdAt = Date(timeIntervalSince1970: now().timeIntervalSince1970.rounded(.down))
                    if try await isKept(report) {
                        try? await keepSnapshot(content)
                        // It may have been deleted meanwhile.
                        if try await !isKept(report) {
                            try? await blobs.delete(
                                [.reportSnapshot(report.id), .reportPicture(report.id)], in: report.sessionID)
                        }
                    }
                    return .success(content)
                } catch {
                    return .failure(error)
                }
            }
            gathering[report.id] = task
            return task
        }
        return try await task.value.get()
    }

    private func isKept(_ report: Report) async throws(Fault) -> Bool {
        try await reports.report(report.id, in: report.sessionID) != nil
    }

    private func keepSnapshot(_ content: ReportContent) async throws(Fault) {
        try await blobs.put(try Self.files(of: content, content.preview), in: content.upload.sessionID)
    }

    private static func files(of content: ReportContent, _ picture: [UInt8]) throws(Fault) -> [NamedBytes] {
        do {
            return try ReportSnapshot.files(of: content, picture: picture)
        } catch {
            throw .storageFailed(cause: error)
        }
    }

    private func content(of report: Report, for format: Report.Format) async throws(Fault) -> ReportContent {
        let file: [UInt8]
        do throws(Fault) {
            file = try await blobs.read(.reportSnapshot(report.id), in: report.sessionID)
        } catch .notFound where report.failure?.part == .diskFull {
            return try await gatheredAgain(report)
        }
        var content: ReportContent
        do {
            content = try ReportSnapshot.content(from: file)
        } catch {
            throw .storageFailed(cause: error)
        }
        if format.needsPicture || format == .fhir {
            content.preview = (try? await blobs.read(.reportPicture(report.id), in: report.sessionID)) ?? []
        }
        return content
    }

    // MARK: - Documents

    /// Which edition is given out now: empty for the ordinary one, else a name for the withdrawal that is stamped on it.
    public func edition(of report: Report) async throws(Fault) -> String {
        Self.edition(try await withdrawal(of: report))
    }

    private func withdrawal(of report: Report) async throws(Fault) -> ModelWithdrawal? {
        guard
            let model = try await gather.studies.analysis(report.analysisID, in: report.sessionID)?.result?.model
        else { return nil }
        return try await gather.withdrawal(of: model)
    }

    private static func edition(_ withdrawal: ModelWithdrawal?) -> String {
        guard let withdrawal else { return "" }
        let told = [
            withdrawal.model, withdrawal.version, withdrawal.reason, withdrawal.by,
            String(withdrawal.at.timeIntervalSince1970),
        ].joined(separator: "\n")
        return "w" + SHA256.hash(data: Data(told.utf8)).prefix(6).hexadecimal
    }

    /// A document of a report that has ended; it is made where it isn't there yet. Asked for by several at once, it is
    /// made once.
    ///
    /// - Throws: ``Fault/notFound``, ``Fault/reportNotReady``, ``Fault/reportFailed(_:)``.
    public func copy(_ format: Report.Format, of report: Report) async throws(Fault) -> Copy {
        switch report.state {
        case .making, .cancelled: throw .reportNotReady(report.state)
        // It was being made whenever the process ended: perhaps it ends the process, and would again.
        case .failed where report.failure?.part == .interrupted:
            throw .reportFailed(ReportFault(.interrupted, report: report.id))
        case .ready, .failed: break
        }
        do throws(ReportFault) {
            return try await print(format, of: report)
        } catch {
            if case .notFound? = error.cause?.revealed as? Fault {
                // Nothing is kept that it could be made from: what was said when it failed is still true.
                guard let failure = report.failure else {
                    let isThere = try await reports.report(report.id, in: report.sessionID) != nil
                    throw isThere ? .reportFailed(error) : .notFound
                }
                throw .reportFailed(ReportFault(failure.part, available: failure.available, report: report.id))
            }
            throw .reportFailed(error)
        }
    }

    /// Like ``copy(_:of:)`` for one that is being made.
    func print(_ format: Report.Format, of report: Report) async throws(ReportFault) -> Copy {
        let withdrawal: ModelWithdrawal?
        do throws(Fault) {
            withdrawal = try await self.withdrawal(of: report)
        } catch {
            throw ReportFault(error, available: [], report: report.id)
        }
        let edition = Self.edition(withdrawal)
        if let document = report.document(format, edition: edition), let kept = await kept(document, of: report) {
            return kept
        }
        let key = Key(report: report.id, format: format, edition: edition)
        let task = running.withLock { running in
            if let task = running[key] { return task }
            let task = Task { [self] () -> Result<Copy, ReportFault> in
                defer { self.running.withLock { $0[key] = nil } }
                do throws(ReportFault) {
                    return .success(try await make(format, of: report, edition, withdrawal))
                } catch {
                    return .failure(error)
                }
            }
            running[key] = task
            return task
        }
        return try await task.value.get()
    }

    /// The document as it was kept; nil where its file is lost or isn't whole.
    private func kept(_ document: Report.Document, of report: Report) async -> Copy? {
        let name = BlobName.report(report.id, document.format, edition: document.edition)
        guard let file = try? await blobs.open(name, in: report.sessionID), file.size == document.bytes else {
            return nil
        }
        return Copy(document: document, content: file)
    }

    private func make(
        _ format: Report.Format, of report: Report, _ edition: String, _ withdrawal: ModelWithdrawal?
    ) async throws(ReportFault) -> Copy {
        // Another may have made it since this one asked.
        if let present = try? await reports.report(report.id, in: report.sessionID),
            let document = present.document(format, edition: edition), let kept = await kept(document, of: report)
        {
            return kept
        }
        let began = ContinuousClock.now
        let bytes: [UInt8]
        do throws(ReportFault) {
            bytes = try await rendered(format, of: report, withdrawal)
            Self.count(format, "made", since: began)
        } catch {
            Self.count(format, error.part.rawValue, since: began)
            throw error
        }
        ReportProgress.current.enter(.keeping)
        let document = Report.Document(
            format: format, edition: edition, bytes: bytes.count, sha256: SHA256.hash(data: bytes).hexadecimal,
            madeAt: now())
        do throws(Fault) {
            return try await keep(bytes, as: document, of: report)
        } catch {
            // On a full disk it can be given out all the same, once the report has ended; also one that has no row because of that.
            let isFull = if case .storageFull = error { true } else { report.failure?.part == .diskFull }
            if report.state.isFinal, isFull {
                return Copy(document: document, content: Bytes(bytes))
            }
            throw ReportFault(error, available: renderer.formats, report: report.id)
        }
    }

    private func keep(
        _ bytes: [UInt8], as document: Report.Document, of report: Report
    ) async throws(Fault) -> Copy {
        let name = BlobName.report(report.id, document.format, edition: document.edition)
        try await blobs.put(bytes, as: name, in: report.sessionID)
        do throws(Fault) {
            try await reports.keep(document, of: report.id, in: report.sessionID)
        } catch {
            // Without its row nobody would find the file. One that was noted before is made again when it is asked for.
            try? await blobs.delete([name], in: report.sessionID)
            throw error
        }
        return Copy(document: document, content: Bytes(bytes))
    }

    private func rendered(
        _ format: Report.Format, of report: Report, _ withdrawal: ModelWithdrawal?
    ) async throws(ReportFault) -> [UInt8] {
        let formats = renderer.formats
        func failure(_ part: Report.Part, cause: (any Error)? = nil) -> ReportFault {
            ReportFault(
                part, available: part.leaves(formats).filter { $0 != format }, report: report.id, cause: cause)
        }
        guard formats.contains(format) else { throw failure(.format) }
        var content: ReportContent
        do throws(Fault) {
            content = try await self.content(of: report, for: format)
        } catch {
            throw ReportFault(error, available: [], report: report.id)
        }
        content.withdrawal = withdrawal
        guard !format.needsPicture || !content.preview.isEmpty else { throw failure(.picture) }
        await places.enter()
        defer { places.leave() }
        ReportProgress.current.enter(.drawing)
        let bytes: [UInt8]
        do {
            let content = content
            bytes = try await Step.run("render") { try await renderer.render(content, as: format) }
        } catch let fault as ReportFault {
            throw failure(fault.part, cause: fault.cause?.revealed)
        } catch {
            throw failure(.drawing, cause: error)
        }
        guard bytes.count <= limits.documentBytes else {
            throw failure(.size, cause: ReportFault.TooLarge(bytes: bytes.count))
        }
        return bytes
    }

    private static func count(_ format: Report.Format, _ outcome: String, since began: ContinuousClock.Instant) {
        Counter(
            label: "lightbox_reports_documents_total",
            dimensions: [("format", format.rawValue), ("outcome", outcome)]
        ).increment()
        Timer(label: "lightbox_reports_document_seconds", dimensions: [("format", format.rawValue)])
            .recordSeconds((ContinuousClock.now - began) / .seconds(1))
    }
}

extension ReportFault {
    /// What the stores said.
    fileprivate init(_ fault: Fault, available: [Report.Format], report: ReportID) {
        if case .reportFailed(let own) = fault {
            self = own
            self.report = report
        } else {
            let isFull = if case .storageFull = fault { true } else { false }
            self.init(isFull ? .diskFull : .storage, available: available, report: report, cause: fault)
        }
    }
}

extension Report.Part {
    /// What can be had where this failed.
    fileprivate func leaves(_ formats: [Report.Format]) -> [Report.Format] {
        switch self {
        case .picture, .font, .drawing, .size: formats.filter { !$0.needsPicture }
        case .format, .diskFull: formats
        // What contradicts itself isn't given out in any form.
        case .inconsistent, .storage, .interrupted: []
        }
    }
}

/// Places for so many; those who come later wait, in order.
private final class Places: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(free: count))
    }

    func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}

/// A document in memory.
private struct Bytes: ByteSource {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var size: Int { bytes.count }

    func read(_ range: Range<Int>) async throws(Fault) -> [UInt8] { Array(bytes[range]) }
}
