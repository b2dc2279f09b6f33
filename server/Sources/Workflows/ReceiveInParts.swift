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

    /// A reception whose file is open here. Who works on it holds it; nobody else touches its writer meanwhile.
    private final class Open {
        let writer: any BlobWriter
        var isHeld = false
        /// Ends the connection of the part that is just coming.
        var hangUp: (@Sendable () -> Void)?
        var check: Task<Result<ReceiveUpload.Received, Fault>, Never>?
        var waiting: [CheckedContinuation<Void, Never>] = []
        var lastUse: Date

        init(_ writer: any BlobWriter, at now: Date) {
            self.writer = writer
            lastUse = now
        }
    }

    private var open: [ReceptionID: Open] = [:]
    private var opening: [ReceptionID: Task<Result<any BlobWriter, Fault>, Never>] = [:]

    /// A file that rests for so long, in seconds, is closed; and so many are open at most.
    private static let rest: TimeInterval = 120
    private static let mostOpen = 256

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

    /// As it stands, with the state `checking` while it is being read.
    public func reception(_ id: ReceptionID, in session: SessionID) async throws(Fault) -> Reception {
        guard let reception = try await receptions.reception(id, in: session) else { throw .notFound }
        return live(reception)
    }

    public func openReceptions(in session: SessionID) async throws(Fault) -> [Reception] {
        try await receptions.openReceptions(in: session).map(live)
    }

    private func live(_ reception: Reception) -> Reception {
        guard reception.state == .receiving, open[reception.id]?.check != nil else { return reception }
        var reception = reception
        reception.state = .checking
        return reception
    }

    /// How much of it is here. A part that is just coming is broken off: who asks wants to send the next one.
    ///
    /// - Throws: ``Fault/receptionOver`` once it has ended.
    public func offset(of id: ReceptionID, in session: SessionID) async throws(Fault) -> Int {
        let reception = try await reception(id, in: session)
        guard !reception.state.isOver else { throw .receptionOver }
        if reception.state == .checking { return reception.length }
        let entry = try await hold(reception)
        defer { release(entry) }
        return await entry.writer.bytes
    }

    /// How it stands and how much of it is here, without breaking anything off.
    public func progress(
        of id: ReceptionID, in session: SessionID
    ) async throws(Fault) -> (reception: Reception, offset: Int) {
        let reception = try await reception(id, in: session)
        guard reception.state == .receiving else { return (reception, reception.length) }
        do throws(Fault) {
            let entry = try await opened(reception)
            return (reception, await entry.writer.bytes)
        } catch .receptionOver {
            let ended = try await self.reception(id, in: session)
            return (ended, ended.length)
        }
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
        // Opened again by the first part: what is only announced holds no descriptor.
        await writer.park()
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
        let entry = try await hold(reception)
        do throws(Fault) {
            let progress = try await append(
                to: &reception, entry, at: offset, announced: announced, checksum: checksum, hangUp: hangUp, parts)
            release(entry)
            return progress
        } catch {
            release(entry)
            throw error
        }
    }

    /// The caller holds the entry.
    private func append(
        to reception: inout Reception, _ entry: Open, at offset: Int, announced: Int?, checksum: (any Checksum)?,
        hangUp: @escaping @Sendable () -> Void, _ parts: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws(Fault) -> Progress {
        let writer = entry.writer
        let length = reception.length
        let present = await writer.bytes
        guard offset == present else { throw .wrongOffset(is: present) }
        if let announced, announced > length - offset { throw .payloadTooLarge(limit: length) }
        entry.hangUp = hangUp
        // Who came while this part had no connection to end yet.
        if !entry.waiting.isEmpty { hangUp() }
        let receiving = Task { await Self.take(parts, to: writer, upTo: length, checksum) }
        let failure = await withTaskCancellationHandler {
            await receiving.value
        } onCancel: {
            receiving.cancel()
        }
        entry.hangUp = nil
        entry.lastUse = now()
        // What was tried rests from now on, whether all of it came or not.
        reception.expiresAt = now().addingTimeInterval(limits.receptionLifetime)
        do throws(Fault) { try await receptions.update(reception) } catch { if failure == nil { throw error } }
        if let failure { throw failure }
        let have = await writer.bytes
        guard have < length else { return .finished(try await judge(reception, entry)) }
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
        guard reception.state == .receiving else { throw .receptionOver }
        try await remove(reception, try await hold(reception))
    }

    /// The caller holds the entry, if there is one. The row goes first: who waits for the entry finds nothing then.
    private func remove(_ reception: Reception, _ entry: Open?) async throws(Fault) {
        defer {
            if let entry {
                close(reception.id, entry)
                release(entry)
            }
        }
        try await receptions.delete(reception.id, in: reception.sessionID)
        await entry?.writer.park()
        try await blobs.delete([.reception(reception.id)], in: reception.sessionID)
    }

    // MARK: - Judging

    /// Reads what is whole but wasn't read yet, because the process or the connection ended between the two.
    public func judgeIfWhole(_ reception: Reception) async {
        guard reception.state == .receiving, let present = try? await opened(reception), !present.isHeld,
            await present.writer.bytes == reception.length, let entry = try? await hold(reception)
        else { return }
        _ = try? await judge(reception, entry)
        release(entry)
    }

    /// Goes on when the sender is gone: the file is here. The caller holds the entry.
    private func judge(_ reception: Reception, _ entry: Open) async throws(Fault) -> ReceiveUpload.Received {
        let check = Task { await self.result(of: reception, entry) }
        entry.check = check
        let result = await check.value
        entry.check = nil
        return try result.get()
    }

    private func result(of reception: Reception, _ entry: Open) async -> Result<ReceiveUpload.Received, Fault> {
        var reception = reception
        do throws(Fault) {
            // A single picture ends its reception in the transaction that writes its row.
            let received = try await receive.judge(
                entry.writer, of: reception.sessionID, named: reception.fileName, ending: reception)
            close(reception.id, entry)
            if case .archive(let uploads, let refused) = received {
                reception.state = .kept
                reception.outcome = .init(uploads: uploads.map(\.id), refused: refused)
                try await receptions.update(reception)
            }
            return .success(received)
        } catch {
            close(reception.id, entry)
            await entry.writer.park()
            // What passes by itself is no judgement: the file stays, and is read when it is asked for again.
            guard !error.isTransient else { return .failure(error) }
            reception.state = .refused
            if case .nothingReadable(let refused) = error {
                reception.outcome = .init(uploads: [], refused: refused)
            } else if let refused = RefusedFile(reception.fileName, error) {
                reception.outcome = .init(uploads: [], refused: [refused])
            }
            try? await receptions.update(reception)
            return .failure(error)
        }
    }

    // MARK: - Open files

    /// Waits for its turn, and ends the part that is just coming; then the entry is the caller's until ``release(_:)``.
    ///
    /// - Throws: ``Fault/receptionOver`` where it is being read, has ended, or its file is gone.
    private func hold(_ reception: Reception) async throws(Fault) -> Open {
        while true {
            let entry = try await opened(reception)
            // No suspension from here to where it is taken.
            guard entry.check == nil else { throw .receptionOver }
            guard entry.isHeld else {
                entry.isHeld = true
                entry.lastUse = now()
                // It may have ended while this one waited.
                let present = try? await receptions.reception(reception.id, in: reception.sessionID)
                guard open[reception.id] === entry, let present, present.state == .receiving else {
                    release(entry)
                    throw .receptionOver
                }
                return entry
            }
            entry.hangUp?()
            await withCheckedContinuation { entry.waiting.append($0) }
        }
    }

    private func release(_ entry: Open) {
        entry.isHeld = false
        let waiting = entry.waiting
        entry.waiting = []
        for next in waiting { next.resume() }
    }

    private func close(_ id: ReceptionID, _ entry: Open) {
        if open[id] === entry { open[id] = nil }
    }

    private func opened(_ reception: Reception) async throws(Fault) -> Open {
        if let entry = open[reception.id] { return entry }
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
        await closeResting(but: Self.mostOpen - 1)
        if let entry = open[reception.id] { return entry }
        do throws(Fault) {
            let entry = Open(try result.get(), at: now())
            open[reception.id] = entry
            return entry
        } catch .notFound {
            // It ended meanwhile; or its file went in the last moment of another process, and there is nothing to go on
            // with.
            if try await receptions.reception(reception.id, in: reception.sessionID)?.state == .receiving {
                try await receptions.delete(reception.id, in: reception.sessionID)
            }
            throw .receptionOver
        }
    }

    /// Closes files that nobody uses, those that rest longest first, until so many are left or all others are in use.
    private func closeResting(but count: Int) async {
        let resting = open.filter { !$0.value.isHeld && $0.value.check == nil }
            .sorted { $0.value.lastUse < $1.value.lastUse }
        for (id, entry) in resting.prefix(max(0, open.count - count)) {
            close(id, entry)
            await entry.writer.park()
        }
    }

    /// Removes what was left for too long, and closes files that rest.
    ///
    /// - Returns: how many were removed.
    public func sweep() async throws(Fault) -> Int {
        let time = now()
        for (id, entry) in open where !entry.isHeld && entry.check == nil {
            guard time.timeIntervalSince(entry.lastUse) > Self.rest else { continue }
            close(id, entry)
            await entry.writer.park()
        }
        var count = 0
        for reception in try await receptions.expired(at: time, limit: 100) {
            let entry = open[reception.id]
            guard entry?.isHeld != true, entry?.check == nil else { continue }
            entry?.isHeld = true
            try await remove(reception, entry)
            count += 1
        }
        return count
    }
}
