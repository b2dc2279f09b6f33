public import Domain

/// The name of one file of a session.
public enum BlobName: Hashable, Sendable {
    /// The picture as received.
    case picture(UploadID)
    /// A JPEG of it, made by the worker.
    case preview(UploadID)
    /// A PNG to lay over the preview, one for each finding.
    case heatMap(AnalysisID, finding: String)
    case report(ReportID)
}

/// Keeps files, each under its session. What `commit` and `put` return is synced to the disk.
public protocol BlobStore: Sendable {
    /// Starts a file that nobody sees until it is committed.
    func begin(in session: SessionID) async throws(Fault) -> any BlobWriter
    func put(_ bytes: [UInt8], as name: BlobName, in session: SessionID) async throws(Fault) -> BlobDigest
    /// - Throws: ``Fault/notFound``.
    func open(_ name: BlobName, in session: SessionID) async throws(Fault) -> OpenFile
    func read(_ name: BlobName, in session: SessionID) async throws(Fault) -> [UInt8]
    func delete(_ names: [BlobName], in session: SessionID) async throws(Fault)
    func deleteAll(in session: SessionID) async throws(Fault)
    /// Removes unfinished files and those that `isOwned` doesn't claim; at the start of the process.
    ///
    /// - Returns: how many were removed.
    func sweep(
        isOwned: @escaping @Sendable (BlobName, SessionID) async throws(Fault) -> Bool
    ) async throws(Fault) -> Int
}

/// A file that is being received. Memory stays constant: every piece goes to the file and into the hash.
public protocol BlobWriter: Sendable {
    func write(_ bytes: [UInt8]) async throws(Fault)
    /// All that was written so far, for reading.
    func reading() async throws(Fault) -> OpenFile
    /// Syncs the file and gives it its name.
    func commit(as name: BlobName) async throws(Fault) -> BlobDigest
    /// Removes the file, unless it was committed.
    func abandon() async
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
