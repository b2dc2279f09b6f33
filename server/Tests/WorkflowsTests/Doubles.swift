import Domain
import Foundation
import Synchronization
import Workflows

/// Files in memory, of one session.
final class MemoryBlobs: BlobStore {
    let files = Mutex<[BlobName: [UInt8]]>([:])
    private let unfinished = Mutex<[ReceptionID: [UInt8]]>([:])

    func lose(_ reception: ReceptionID) { unfinished.withLock { $0[reception] = nil } }

    fileprivate func store(_ bytes: [UInt8]?, _ reception: ReceptionID) {
        unfinished.withLock { $0[reception] = bytes }
    }

    func begin(in session: SessionID) async throws(Fault) -> any BlobWriter { MemoryWriter(self, nil, []) }

    func begin(_ reception: ReceptionID, in session: SessionID) async throws(Fault) -> any BlobWriter {
        store([], reception)
        return MemoryWriter(self, reception, [])
    }

    func resume(_ reception: ReceptionID, in session: SessionID) async throws(Fault) -> any BlobWriter {
        guard let bytes = unfinished.withLock({ $0[reception] }) else { throw .notFound }
        return MemoryWriter(self, reception, bytes)
    }

    func put(_ files: [NamedBytes], in session: SessionID) async throws(Fault) {
        for file in files { self.files.withLock { $0[file.name] = file.bytes } }
    }

    func open(_ name: BlobName, in session: SessionID) async throws(Fault) -> any StoredFile {
        guard let bytes = files.withLock({ $0[name] }) else { throw .notFound }
        return MemoryFile(bytes: bytes)
    }

    func delete(_ names: [BlobName], in session: SessionID) async throws(Fault) {
        for name in names {
            files.withLock { $0[name] = nil }
            if case .reception(let id) = name { store(nil, id) }
        }
    }

    func deleteAll(in session: SessionID) async throws(Fault) { files.withLock { $0 = [:] } }

    func sweep(
        isOwned: @escaping @Sendable (BlobName, SessionID) async throws(Fault) -> Bool
    ) async throws(Fault) -> Int { 0 }
}

private struct MemoryFile: StoredFile {
    let bytes: [UInt8]
    var size: Int { bytes.count }
    func read(_ range: Range<Int>) async throws(Fault) -> [UInt8] { Array(bytes[range]) }
    func exposed() throws(Fault) -> OpenFile { throw .notFound }
    func inMemory() async throws(Fault) -> OpenFile { OpenFile(descriptor: -1, size: bytes.count) }
}

private actor MemoryWriter: BlobWriter {
    private let store: MemoryBlobs
    private let reception: ReceptionID?
    private var content: [UInt8]
    private var mark: [UInt8]?
    private var isFinished = false

    init(_ store: MemoryBlobs, _ reception: ReceptionID?, _ content: [UInt8]) {
        self.store = store
        self.reception = reception
        self.content = content
    }

    var bytes: Int { content.count }

    private func mustBeOpen() throws(Fault) {
        guard !isFinished else { throw .storageFailed(cause: CancellationError()) }
    }

    private func keep(_ bytes: [UInt8]?) {
        if let reception { store.store(bytes, reception) }
    }

    func write(_ bytes: ArraySlice<UInt8>) async throws(Fault) {
        try mustBeOpen()
        content += bytes
    }

    func flush() async throws(Fault) {
        try mustBeOpen()
        keep(content)
    }

    func setMark() async throws(Fault) {
        try mustBeOpen()
        mark = content
    }

    func rollBack() async throws(Fault) {
        try mustBeOpen()
        content = mark ?? content
        keep(content)
    }

    func reading() async throws(Fault) -> any StoredFile {
        isFinished = true
        keep(content)
        return MemoryFile(bytes: content)
    }

    func commit(as name: BlobName, with others: [NamedBytes]) async throws(Fault) -> BlobDigest {
        let content = content
        store.files.withLock { $0[name] = content }
        keep(nil)
        return BlobDigest(bytes: content.count, sha256: "")
    }

    func abandon() async { keep(nil) }

    func park() async {}
}

/// Receptions in memory; it can be told to fail.
final class MemoryReceptions: ReceptionStore {
    private let rows = Mutex<[ReceptionID: Reception]>([:])
    let failsUpdates = Mutex(false)

    func keep(_ upload: UploadID, ending id: ReceptionID) {
        rows.withLock { rows in
            rows[id]?.state = .kept
            rows[id]?.outcome = .init(uploads: [upload], refused: [])
        }
    }

    func insert(_ reception: Reception, limit: Int) async throws(Fault) {
        rows.withLock { $0[reception.id] = reception }
    }

    func reception(_ id: ReceptionID, in session: SessionID) async throws(Fault) -> Reception? {
        rows.withLock { $0[id] }.flatMap { $0.sessionID == session ? $0 : nil }
    }

    func openReceptions(in session: SessionID) async throws(Fault) -> [Reception] {
        rows.withLock { $0.values.filter { $0.sessionID == session && !$0.state.isOver } }
    }

    func update(_ reception: Reception) async throws(Fault) {
        guard !failsUpdates.withLock({ $0 }) else { throw .storageFull }
        rows.withLock { $0[reception.id] = reception }
    }

    func delete(_ id: ReceptionID, in session: SessionID) async throws(Fault) { rows.withLock { $0[id] = nil } }

    func expired(at now: Date, limit: Int) async throws(Fault) -> [Reception] {
        rows.withLock { $0.values.filter { $0.expiresAt <= now } }
    }
}

/// Uploads in memory; whatever else is asked of it ends the test.
final class MemoryStudies: StudyStore {
    private let receptions: MemoryReceptions
    let kept = Mutex<[Upload]>([])

    init(_ receptions: MemoryReceptions) { self.receptions = receptions }

    func insert(_ upload: Upload, limit: Int, ending reception: ReceptionID?) async throws(Fault) {
        kept.withLock { $0.append(upload) }
        if let reception { receptions.keep(upload.id, ending: reception) }
    }

    func upload(_ id: UploadID, in session: SessionID) async throws(Fault) -> Upload? {
        kept.withLock { $0.first { $0.id == id } }
    }

    func uploads(in session: SessionID) async throws(Fault) -> [Upload] { kept.withLock { $0 } }

    func deleteUpload(_ id: UploadID, in session: SessionID) async throws(Fault) -> [BlobName]? { unexpected() }
    func nextWithoutText() async throws(Fault) -> Upload? { unexpected() }
    func setBurnedIn(_ burnedIn: Upload.BurnedIn, of id: UploadID) async throws(Fault) { unexpected() }
    func enqueue(_ analysis: Analysis, as priority: AcuityLevel, limits: QueueLimits) async throws(Fault) {
        unexpected()
    }
    func analysis(_ id: AnalysisID, in session: SessionID) async throws(Fault) -> Analysis? { unexpected() }
    func analyses(in session: SessionID) async throws(Fault) -> [Analysis] { unexpected() }
    func marks(in session: SessionID) async throws(Fault) -> [AnalysisMark] { unexpected() }
    func claimNext(at now: Date, by order: QueueOrder) async throws(Fault) -> ClaimedAnalysis? { unexpected() }
    func finish(
        _ id: AnalysisID, attempt: Int, outcome: Analysis.Outcome, isDead: Bool, lostWorker: Bool,
        revision: Int, at now: Date
    ) async throws(Fault) -> Analysis? { unexpected() }
    func cancel(_ id: AnalysisID, in session: SessionID, revision: Int, at now: Date) async throws(Fault) -> Analysis {
        unexpected()
    }
    func retry(
        _ id: AnalysisID, in session: SessionID, as priority: AcuityLevel, revision: Int, limits: QueueLimits,
        at now: Date
    ) async throws(Fault) -> Analysis { unexpected() }
    func requeueInterrupted(at now: Date) async throws(Fault) -> Int { unexpected() }
    func waiting() async throws(Fault) -> [WaitingAnalysis] { unexpected() }
    func running() async throws(Fault) -> [WaitingAnalysis] { unexpected() }
    func putOff(
        _ id: AnalysisID, attempt: Int, until: Date, after trouble: QueueTrouble?, revision: Int, at now: Date
    ) async throws(Fault) -> Analysis? { unexpected() }
    func dead(limit: Int) async throws(Fault) -> [DeadAnalysis] { unexpected() }
    func requeueDead(_ id: AnalysisID, revision: Int, at now: Date) async throws(Fault) -> Analysis { unexpected() }
    func raise(_ session: SessionID, to priority: AcuityLevel, at now: Date) async throws(Fault) -> Int {
        unexpected()
    }
    func queueControl() async throws(Fault) -> QueueControl { unexpected() }
    func setQueueState(_ state: QueueControl.State) async throws(Fault) { unexpected() }
    func owns(_ name: BlobName, in session: SessionID) async throws(Fault) -> Bool { unexpected() }
}

extension MemoryStudies {
    func reading(of id: AnalysisID, in session: SessionID) async throws(Fault) -> OwnReading? { unexpected() }
    func recordReading(
        _ text: String, by clinician: String, of id: AnalysisID, in session: SessionID, at now: Date
    ) async throws(Fault) -> (reading: OwnReading, isFirst: Bool) { unexpected() }
    func reveal(
        _ id: AnalysisID, in session: SessionID, at now: Date
    ) async throws(Fault) -> (analysis: Analysis, isNew: Bool) { unexpected() }
    func noteOverdue(at now: Date) async throws(Fault) -> [(analysis: AnalysisID, session: SessionID)] { unexpected() }
    func withdraw(
        _ withdrawal: ModelWithdrawal
    ) async throws(Fault) -> (withdrawal: ModelWithdrawal, isNew: Bool) { unexpected() }
    func withdrawal(of model: String, version: String) async throws(Fault) -> ModelWithdrawal? { unexpected() }
    func withdrawals() async throws(Fault) -> [ModelWithdrawal] { unexpected() }
    func reports(of model: String, version: String) async throws(Fault) -> [AffectedReport] { unexpected() }
    func hasResults(of model: String, version: String) async throws(Fault) -> Bool { unexpected() }
}

/// Finds every file to be a small PNG, once it is let through.
final class ScriptedEngine: PictureEngine {
    var manifest: ModelManifest { unexpected() }

    let fault = Mutex<EngineFault?>(nil)
    /// What the next jobs end with, the first one first; nil is all well.
    let next = Mutex<[EngineFault?]>([])
    /// What every archive holds.
    let entries: [ArchiveEntry] = [
        ArchiveEntry(index: 0, name: "a.png", bytes: 3), ArchiveEntry(index: 1, name: "b.png", bytes: 3),
    ]
    /// Rings when a file is being read; the reading goes on when ``gate`` says so.
    let began = AsyncStream<Void>.makeStream()
    let gate = AsyncStream<Void>.makeStream()
    let isGated: Bool

    init(isGated: Bool = false) { self.isGated = isGated }

    func inspect(
        _ picture: any StoredFile, limits: PictureLimits, previewEdges: [Int]
    ) async throws(EngineFault) -> InspectedPicture {
        if isGated {
            began.continuation.yield()
            for await _ in gate.stream { break }
        }
        if let fault = fault.withLock({ $0 }) { throw fault }
        try work()
        return InspectedPicture(
            inspection: .init(format: .png, width: 9, height: 9, bitsPerSample: 8, channels: 1, frames: 1),
            previews: [:])
    }

    func render(
        _ picture: any StoredFile, limits: PictureLimits, frame: Int, adjustment: PictureAdjustment, edge: Int
    ) async throws(EngineFault) -> [UInt8] { unexpected() }
    func samples(
        of picture: any StoredFile, limits: PictureLimits, frame: Int
    ) async throws(EngineFault) -> any StoredFile { unexpected() }
    func analyse(
        _ picture: any StoredFile, limits: PictureLimits, frame: Int, adjustment: PictureAdjustment,
        isAlone: Bool, progress: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(EngineFault) -> EngineOutput { unexpected() }

    func heatMap(
        _ activation: HeadActivation, width: Int, height: Int, longestEdge: Int
    ) async throws(EngineFault) -> [UInt8] { unexpected() }
    func readText(in picture: any StoredFile, limits: PictureLimits) async throws(EngineFault) -> BurnedInText? {
        unexpected()
    }
    func deidentify(
        _ picture: any StoredFile, limits: PictureLimits
    ) async throws(EngineFault) -> (file: any StoredFile, removed: [DeidentifiedElement]) { unexpected() }
    func list(
        _ file: any StoredFile, limits: PictureLimits, archive: ArchiveLimits
    ) async throws(EngineFault) -> [ArchiveEntry] {
        try work()
        return entries
    }
    func extract(
        _ entry: ArchiveEntry, of file: any StoredFile, limits: PictureLimits, archive: ArchiveLimits
    ) async throws(EngineFault) -> any StoredFile {
        try work()
        return MemoryFile(bytes: Array("PNG".utf8))
    }

    private func work() throws(EngineFault) {
        let fault = next.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let fault { throw fault }
    }
    func trouble() async -> String? { unexpected() }
}

struct Silence: TextReading, Audit {
    func look(at upload: Upload) {}
    func add(_ record: AuditRecord) {}
}

/// Remembers what was noted.
final class Notes: Audit {
    let records = Mutex<[AuditRecord]>([])
    func add(_ record: AuditRecord) { records.withLock { $0.append(record) } }
    func of(_ event: AuditEvent) -> [AuditRecord] { records.withLock { $0.filter { $0.event == event } } }
}

private func unexpected(_ function: String = #function) -> Never {
    fatalError("nobody should call \(function)")
}
