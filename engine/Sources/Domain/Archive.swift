/// What an archive may be at most. Checked against what its directory declares before anything is unpacked, and again
/// while it is.
public struct ArchiveLimits: Codable, Sendable, Equatable {
    /// Files that are pictures or may be; what ``ArchiveEntry`` leaves out is counted too, up to ten times as many.
    public var maxEntries: Int
    /// Bytes of one file, unpacked.
    public var maxEntryBytes: Int
    /// Bytes of all files together, unpacked.
    public var maxTotalBytes: Int
    /// How many times larger than the archive its files may be together. Deflate reaches about 1000 on bytes that are
    /// all alike; films reach 2 to 10, drawn ones about 50.
    public var maxRatio: Int

    public init(maxEntries: Int, maxEntryBytes: Int, maxTotalBytes: Int, maxRatio: Int) {
        self.maxEntries = maxEntries
        self.maxEntryBytes = maxEntryBytes
        self.maxTotalBytes = maxTotalBytes
        self.maxRatio = maxRatio
    }

    public static let standard = ArchiveLimits(
        maxEntries: 500, maxEntryBytes: 100 << 20, maxTotalBytes: 1 << 30, maxRatio: 200)
}

/// A file in an archive. Folders, links and what operating systems and viewers add are none: `__MACOSX`, `.DS_Store`,
/// `Thumbs.db`, names that begin with `._`, `DICOMDIR`.
public struct ArchiveEntry: Codable, Sendable, Equatable {
    /// Its place among everything in the archive, counted from 0; two files may have the same name.
    public var index: Int
    /// The last part of its path, made safe to show by ``FileName``; data, never a path.
    public var name: String
    /// Its size unpacked, as the archive declares it.
    public var bytes: Int

    public init(index: Int, name: String, bytes: Int) {
        self.index = index
        self.name = name
        self.bytes = bytes
    }
}
