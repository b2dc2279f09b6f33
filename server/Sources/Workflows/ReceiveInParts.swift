public import Domain
public import Foundation

/// Receives files in parts, over any number of connections: what has come stays, and the next part goes on from there.
///
/// One part at a time: who comes later takes over, because a connection that was lost may look alive for a long time.
public actor ReceiveInParts {
    private let receive: ReceiveUpload
    private let receptions: any ReceptionStore
    private let blobs: any BlobStore
    private let limits: Limits
    private let now: @Sendable () -> Date

    /// A reception whose file is open here.
    private final class Open {
        let writer: any BlobWriter
        var running: (task: Task<Void, Never>, hangUp: @Sendable () -> Void)?
        var check: Task<Result<ReceiveUpload.Received, Fault>, Never>?
        var lastUse: Date

        init(_ writer: any BlobWriter, at now: Date) {
            self.writer = writer
            lastUse = now
        }
    }

    private var open: [ReceptionID: Open] = [:]
    private var opening: [ReceptionID: Task<Result<any BlobWriter, Fault>, Never>] = [:]

    /// A file that rests for so long is closed.
    private static let rest: TimeInterval = 120

    public init(
        receive: ReceiveUpload, receptions: any ReceptionStore, blobs: any BlobStore, limits: Limits,
        now: @escaping @Sendable () -> Date
    ) {
        self.receive = receive
        self.receptions = receptions
        self.blobs = blobs
        self.limits = limits
        self.now = now
    }

    /// What a part is verified by.
    public protocol Checksum: Sendable {
        mutating func update(_ bytes: [UInt8])
        /// Whether it is what was promised.
        func matches() -> Bool
    }

    /// Where an upload stands after a part.
    public enum Progress: Sendable {
        /// So many bytes are here.
        case goesOn(offset: Int, expiresAt: Date)
        case finished(ReceiveUpload.Received)
    }

    // MARK: - Asking

    public func reception(_ id: ReceptionID, in session: SessionID) async throws(Fault) -> Reception {
        guard let reception = try await receptions.reception(id, in: session) else { throw .notFound }
        return reception
    }

    public func openReceptions(in session: SessionID) async throws(Fault) -> [Reception] {
        try await receptions.openReceptions(in: session)
    }

    /// How much of it is here. A part that is just coming is broken off: who asks wants to send the next one.
    ///
    /// - Throws: ``Fault/receptionOver`` once it has ended.
    public func offset(of id: ReceptionID, in session: SessionID) async throws(Fault) -> Int {
        let reception = try await reception(id, in: session)
        guard !reception.state.isOver else { throw .receptionOver }
        if reception.state == .checking { return reception.length }
        let entry = try await opened(reception)
        await breakOff(entry)
        return await entry.writer.bytes
    }

    /// How much of it is here, without breaking anything off.
    public func progress(of reception: Reception) async throws(Fault) -> Int {
        guard reception.state == .receiving else { return reception.length }
        let entry = try await opened(reception)
        return await entry.writer.bytes
    }

    // MARK: - Receiving

    public func create(named name: String?, length: Int, in session: SessionID) async throws(Fault) -> Reception {
        try await receive.admit(in: session, announced: length)
        let time = now()
        let reception = Reception(
            id: .make(at: time), sessionID: session, fileName: FileName.display(name, fallback: "picture"),
            length: length, createdAt: time, expiresAt: time.addingTimeInterval(limits.receptionLifetime))
        let writer = try await blobs.begin(reception.id, in: session)
        do throws(Fault) {
            try await writer.flush()
            try await receptions.insert(reception, limit: limits.uploadsPerSession)
        } catch {
            await writer.abandon()
            throw error
        }
        open[reception.id] = Open(writer, at: time)
        return reception
    }

    /// Takes one part.
    ///
    /// What has come stays even if the part breaks off; with a checksum nothing of the part stays then, nor if it isn't
    /// what the checksum says.
    ///
    /// - Parameters:
    ///   - announced: the size of the part, if the sender says it.
    ///   - hangUp: ends the connection that the part comes on; called when another takes over.
    /// - Throws: ``Fault/wrongOffset(is:)``, ``Fault/checksumMismatch``, ``Fault/payloadTooLarge(limit:)``,
    ///   ``Fault/uploadIncomplete``, ``Fault/receptionOver``, and what ``ReceiveUpload`` throws when the file is whole.
    public func append(
        to id: ReceptionID, in session: SessionID, at offset: Int, announced: Int?, checksum: (any Checksum)?,
        hangUp: @escaping @Sendable () -> Void, _ parts: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws(Fault) -> Progress {
        var reception = try await reception(id, in: session)
        guard reception.state == .receiving else { throw .receptionOver }
        let entry = try await opened(reception)
        await breakOff(entry)
        let present = await entry.writer.bytes
        guard offset == present else { throw .wrongOffset(is: present) }
        if let announced, announced > reception.length - offset { throw .payloadTooLarge(limit: reception.length) }
        let writer = entry.writer
        let length = reception.length
        let receiving = Task {
            await Self.take(parts, to: writer, upTo: length, checksum)
        }
        entry.running = (Task { _ = await receiving.value }, hangUp)
        let failure = await withTaskCancellationHandler {
            await receiving.value
        } onCancel: {
            receiving.cancel()
        }
        entry.running = nil
        entry.lastUse = now()
        if let failure { throw failure }
        let have = await writer.bytes
        guard have < length else { return .finished(try await judge(&reception, entry)) }
        reception.expiresAt = now().addingTimeInterval(limits.receptionLifetime)
        try await receptions.update(reception)
        return .goesOn(offset: have, expiresAt: reception.expiresAt)
    }

    /// - Returns: why it isn't all there, or nil.
    private static func take(
        _ parts: some AsyncSequence<[UInt8], any Error> & Sendable, to writer: any BlobWriter, upTo length: Int,
        _ checksum: (any Checksum)?
    ) async -> Fault? {
        var checksum = checksum
        var failure: Fault?
        do throws(Fault) {
            try await writer.setMark()
            var room = length - (await writer.bytes)
            do {
                for try await part in parts {
                    room -= part.count
                    guard room >= 0 else { throw Fault.payloadTooLarge(limit: length) }
                    checksum?.update(part)
                    try await writer.write(part)
                }
                if Task.isCancelled { failure = .uploadIncomplete }
            } catch let fault as Fault {
                failure = fault
            } catch {
                failure = .uploadIncomplete
            }
            if failure == nil, let checksum, !checksum.matches() { failure = .checksumMismatch }
            let isWorthless = if case .uploadIncomplete? = failure { checksum != nil } else { failure != nil }
            if isWorthless { try await writer.rollBack() } else { try await writer.flush() }
        } catch {
            return error
        }
        return failure
    }

    public func terminate(_ id: ReceptionID, in session: SessionID) async throws(Fault) {
        let reception = try await reception(id, in: session)
        guard !reception.state.isOver, reception.state != .checking else { throw .receptionOver }
        try await remove(reception)
    }

    private func remove(_ reception: Reception) async throws(Fault) {
        if let entry = open.removeValue(forKey: reception.id) {
            await breakOff(entry)
            await entry.writer.park()
        }
        try await receptions.delete(reception.id, in: reception.sessionID)
        try await blobs.delete([.reception(reception.id)], in: reception.sessionID)
    }

    // MARK: - Judging

    /// Reads what is whole but wasn't read yet, because the process or the connection ended between the two.
    public func judgeIfWhole(_ reception: Reception) async {
        guard reception.state == .receiving, let entry = try? await opened(reception),
            await entry.writer.bytes == reception.length
        else { return }
        var reception = reception
        _ = try? await judge(&reception, entry)
    }

    /// Goes on when the sender is gone: the file is here.
    private func judge(_ reception: inout Reception, _ entry: Open) async throws(Fault) -> ReceiveUpload.Received {
        if let check = entry.check { return try await check.value.get() }
        let started = reception
        let check = Task { await self.result(of: started, entry) }
        entry.check = check
        let result = await check.value
        entry.check = nil
        return try result.get()
    }

    private func result(of reception: Reception, _ entry: Open) async -> Result<ReceiveUpload.Received, Fault> {
        var reception = reception
        do throws(Fault) {
            reception.state = .checking
            try await receptions.update(reception)
            do throws(Fault) {
                let received = try await receive.judge(
                    entry.writer, of: reception.sessionID, named: reception.fileName, keepsOnTransient: true)
                reception.state = .kept
                switch received {
                case .picture(let upload, _): reception.outcome = .init(uploads: [upload.id], refused: [])
                case .archive(let uploads, let refused):
                    reception.outcome = .init(uploads: uploads.map(\.id), refused: refused)
                }
                open[reception.id] = nil
                try await receptions.update(reception)
                return .success(received)
            } catch {
                if case .nothingReadable(let refused) = error {
                    reception.outcome = .init(uploads: [], refused: refused)
                } else if let refused = RefusedFile(reception.fileName, error) {
                    reception.outcome = .init(uploads: [], refused: [refused])
                }
                // What passes by itself is no judgement: the file stays, and is read when it is asked for again.
                reception.state = error.isTransient ? .receiving : .refused
                open[reception.id] = nil
                if error.isTransient { await entry.writer.park() }
                try await receptions.update(reception)
                return .failure(error)
            }
        } catch {
            return .failure(error)
        }
    }

    // MARK: - Open files

    private func opened(_ reception: Reception) async throws(Fault) -> Open {
        if let entry = open[reception.id] {
            entry.lastUse = now()
            return entry
        }
        let blobs = blobs
        let task =
            opening[reception.id]
            ?? Task {
                do throws(Fault) {
                    return .success(try await blobs.resume(reception.id, in: reception.sessionID))
                } catch {
                    return .failure(error)
                }
            }
        opening[reception.id] = task
        let result = await task.value
        opening[reception.id] = nil
        if let entry = open[reception.id] { return entry }
        let entry = Open(try result.get(), at: now())
        open[reception.id] = entry
        return entry
    }

    private func breakOff(_ entry: Open) async {
        while let running = entry.running {
            running.hangUp()
            await running.task.value
            entry.running = nil
        }
    }

    /// Removes what was left for too long, and closes files that rest.
    ///
    /// - Returns: how many were removed.
    public func sweep() async throws(Fault) -> Int {
        let time = now()
        for (id, entry) in open where entry.running == nil && entry.check == nil {
            guard time.timeIntervalSince(entry.lastUse) > Self.rest else { continue }
            open[id] = nil
            await entry.writer.park()
        }
        let expired = try await receptions.expired(at: time, limit: 100)
        for reception in expired { try await remove(reception) }
        return expired.count
    }
}
