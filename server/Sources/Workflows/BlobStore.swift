import Crypto
public import Domain
import Foundation

/// The name of one file of a session.
public enum BlobName: Hashable, Sendable {
    /// The picture as received.
    case picture(UploadID)
    /// A JPEG of it, made by the worker.
    case preview(UploadID, edge: Int)
    /// The samples of one frame, for a viewer.
    case samples(UploadID, frame: Int)
    /// What has come of an upload that goes on.
    case reception(ReceptionID)
    /// What a report says.
    case reportSnapshot(ReportID)
    /// The picture that goes with it, a JPEG.
    case reportPicture(ReportID)
    /// One of its documents. The edition is empty, or letters and digits.
    case report(ReportID, Report.Format, edition: String)

    /// Samples are kept of so many frames at most; those of later ones are made each time.
    public static let keptFrames = 64
}

/// Keeps files, each under its session and sealed with its key. What `commit` and `put` return is synced to the disk; what
/// is read is what was written.
public protocol BlobStore: Sendable {
    /// Starts a file that nobody sees until it is committed.
    func begin(in session: SessionID) async throws(Fault) -> any BlobWriter
    /// Starts a file that can be gone on with, also after the end of this process.
    func begin(_ reception: ReceptionID, in session: SessionID) async throws(Fault) -> any BlobWriter
    /// Goes on with one.
    ///
    /// - Throws: ``Fault/notFound``.
    func resume(_ reception: ReceptionID, in session: SessionID) async throws(Fault) -> any BlobWriter
    /// Keeps small files, all with one sync.
    func put(_ files: [NamedBytes], in session: SessionID) async throws(Fault)
    /// - Throws: ``Fault/notFound``.
    func open(_ name: BlobName, in session: SessionID) async throws(Fault) -> any StoredFile
    func delete(_ names: [BlobName], in session: SessionID) async throws(Fault)
    func deleteAll(in session: SessionID) async throws(Fault)
    /// Removes unfinished files and those that `isOwned` doesn't claim; at the start of the process.
    ///
    /// - Returns: how many were removed.
    func sweep(
        isOwned: @escaping @Sendable (BlobName, SessionID) async throws(Fault) -> Bool
    ) async throws(Fault) -> Int
}

extension BlobStore {
    public func put(_ bytes: [UInt8], as name: BlobName, in session: SessionID) async throws(Fault) {
        try await put([NamedBytes(name, bytes)], in: session)
    }

    /// - Throws: ``Fault/notFound``.
    public func read(_ name: BlobName, in session: SessionID) async throws(Fault) -> [UInt8] {
        try await open(name, in: session).readAll()
    }

    /// The picture of an upload. A file from before files were bound to their names is held against its hash.
    ///
    /// - Throws: ``Fault/notFound``.
    public func picture(of upload: Upload) async throws(Fault) -> any StoredFile {
        let file = try await open(.picture(upload.id), in: upload.sessionID)
        guard !file.isBoundToName else { return file }
        var hash = SHA256()
        for start in stride(from: 0, to: file.size, by: 1 << 20) {
            hash.update(data: try await file.read(start..<min(file.size, start + 1 << 20)))
        }
        guard hash.finalize().hexadecimal == upload.sha256 else { throw .storageFailed(cause: ExchangedFile()) }
        return file
    }
}

private struct ExchangedFile: Error, CustomStringConvertible {
    let description = "a picture isn't the one that was uploaded"
}

/// A file that is being received. Memory stays constant: every piece goes to the file and into the hash.
public protocol BlobWriter: Sendable {
    /// So many bytes have come.
    var bytes: Int { get async }
    func write(_ bytes: ArraySlice<UInt8>) async throws(Fault)
    /// Makes durable what has come.
    func flush() async throws(Fault)
    /// Remembers what has come, for ``rollBack()``.
    func setMark() async throws(Fault)
    /// Gives up what came since ``setMark()``.
    func rollBack() async throws(Fault)
    /// All that was written, for reading. Nothing can be written after it.
    func reading() async throws(Fault) -> any StoredFile
    /// Gives the file its name, writes others beside it, and syncs all together. One that can be gone on with is still
    /// there as such, until ``abandon()``; it becomes the picture of its own id.
    func commit(as name: BlobName, with others: [NamedBytes]) async throws(Fault) -> BlobDigest
    /// Removes the file; what was committed stays under the name that it was given.
    func abandon() async
    /// Leaves the file as it is, to be gone on with.
    func park() async
}

extension BlobWriter {
    public func write(_ bytes: [UInt8]) async throws(Fault) { try await write(bytes[...]) }
}

/// A small file as a whole.
public struct NamedBytes: Sendable {
    public let name: BlobName
    public let bytes: [UInt8]

    public init(_ name: BlobName, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

public struct BlobDigest: Sendable, Equatable {
    public let bytes: Int
    /// SHA-256, lower-case hexadecimal.
    public let sha256: String

    public init(bytes: Int, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }
}
