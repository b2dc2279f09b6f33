internal import CArchive
public import Domain

/// Reads a ZIP archive of unknown origin that lies in memory.
///
/// Its directory is held against the limits before anything is unpacked, and what is unpacked is held against the
/// directory. Nothing is written anywhere, and archives in an archive stay closed. Runs in the sandboxed worker: once
/// ``prepareProcess()`` has returned, nothing here opens a file.
public struct ZipArchive {
    private let bytes: UnsafeRawBufferPointer
    private let limits: ArchiveLimits

    /// - Parameter bytes: must stay as long as this and what ``extract(_:pieceLength:)`` gives.
    public init(_ bytes: UnsafeRawBufferPointer, limits: ArchiveLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Loads what would otherwise be loaded on first use.
    public static func prepareProcess() {
        lb_archive_prepare()
    }

    /// The files in the archive, in the order in which they lie in it.
    /// - Throws: ``PictureFault`` with `empty-file`, `unsupported-format` where it is no ZIP archive, `damaged-archive`,
    ///   `encrypted-archive` or `archive-too-large`.
    public func entries() throws(PictureFault) -> [ArchiveEntry] {
        let reader = try open()
        var entries: [ArchiveEntry] = []
        var total = 0
        var index = 0
        while let entry = try reader.next() {
            defer { index += 1 }
            guard index < maxRecords else { throw .tooManyEntries(limits) }
            guard let name = entry.shownName(index) else { continue }
            guard !entry.isEncrypted else { throw .encrypted }
            guard entries.count < limits.maxEntries else { throw .tooManyEntries(limits) }
            guard let length = Int(exactly: entry.bytes), length >= 0 else { throw .damagedArchive }
            guard length <= limits.maxEntryBytes else { throw .entryTooLarge(limits) }
            total += length
            let (mostUnpacked, isEnough) = bytes.count.multipliedReportingOverflow(by: limits.maxRatio)
            guard total <= limits.maxTotalBytes, isEnough || total <= mostUnpacked else { throw .unpacksToTooMuch }
            entries.append(ArchiveEntry(index: index, name: name, bytes: length))
        }
        return entries
    }

    /// Begins to unpack one file. The whole directory is judged first, so that a file of an archive that
    /// ``entries()`` refuses is never unpacked.
    ///
    /// - Parameter pieceLength: most bytes of one piece.
    /// - Throws: as ``entries()``; `damaged-archive` where there is no such file; `unsupported-format` where it is
    ///   packed in a way that is not unpacked here.
    public func extract(_ index: Int, pieceLength: Int) throws(PictureFault) -> Extraction {
        precondition(pieceLength > 0)
        guard let wanted = try entries().first(where: { $0.index == index }) else {
            throw PictureFault(.damagedArchive, "The archive has no file with this number.")
        }
        let reader = try open()
        for _ in 0..<index { _ = try reader.next() }
        guard let entry = try reader.next(), Int(exactly: entry.bytes) == wanted.bytes else { throw .damagedArchive }
        guard entry.isOrdinary else {
            throw PictureFault(
                .unsupportedFormat,
                "This file is packed in a way that is not read here. Please pack it as an ordinary ZIP archive.")
        }
        return Extraction(reader: reader, left: wanted.bytes, pieceLength: pieceLength)
    }

    /// What ``ArchiveEntry`` leaves out is bounded as well.
    private var maxRecords: Int { max(0, min(limits.maxEntries, 1 << 20)) * 10 }

    private func open() throws(PictureFault) -> Reader {
        guard !bytes.isEmpty else {
            throw PictureFault(.emptyFile, "The file is empty. Please choose another one.")
        }
        // A local header, or the end of the directory of an archive without files (APPNOTE.TXT 4.3).
        guard ["PK\u{3}\u{4}", "PK\u{5}\u{6}"].contains(where: { bytes.starts(with: $0.utf8) }) else {
            throw PictureFault(.unsupportedFormat, "This is no ZIP archive.")
        }
        // libarchive reads the whole directory at once.
        guard lb_archive_records(bytes.baseAddress, bytes.count, maxRecords + 1) <= maxRecords else {
            throw .tooManyEntries(limits)
        }
        guard let archive = lb_archive_open(bytes.baseAddress, bytes.count) else { throw .damagedArchive }
        return Reader(archive)
    }
}

/// A file that is being unpacked, piece by piece.
public final class Extraction {
    private let reader: Reader
    private var left: Int
    private let pieceLength: Int
    private var isOver = false

    fileprivate init(reader: Reader, left: Int, pieceLength: Int) {
        self.reader = reader
        self.left = left
        self.pieceLength = pieceLength
    }

    /// The next bytes; nil behind the last ones. The file is whole only then: its length and checksum have been held
    /// against the directory.
    /// - Throws: ``PictureFault`` with `damaged-archive`.
    public func next() throws(PictureFault) -> [UInt8]? {
        guard !isOver else { return nil }
        // One byte more than declared is asked for, so that a file that lies about its length is found.
        let wanted = min(pieceLength, left + 1)
        var piece = [UInt8](repeating: 0, count: wanted)
        var have = 0
        while have < wanted {
            let count = piece.withUnsafeMutableBytes { buffer in
                reader.read(UnsafeMutableRawBufferPointer(rebasing: buffer[have...]))
            }
            guard count >= 0 else { throw .damagedArchive }
            if count == 0 { break }
            have += count
        }
        guard have <= left else { throw .damagedArchive }
        left -= have
        if have < wanted {
            isOver = true
            guard left == 0 else { throw .damagedArchive }
        }
        guard have > 0 else { return nil }
        piece.removeLast(wanted - have)
        return piece
    }
}

/// Owns libarchive's reader.
private final class Reader {
    private let archive: OpaquePointer

    init(_ archive: OpaquePointer) {
        self.archive = archive
    }

    deinit {
        lb_archive_close(archive)
    }

    func next() throws(PictureFault) -> LBArchiveEntry? {
        var entry = LBArchiveEntry()
        switch lb_archive_next(archive, &entry) {
        case 0: return nil
        case 1: return entry
        default: throw .damagedArchive
        }
    }

    /// Bytes read, 0 at the end, below 0 where the content is damaged.
    func read(_ out: UnsafeMutableRawBufferPointer) -> Int {
        Int(lb_archive_read(archive, out.baseAddress, out.count))
    }
}

extension LBArchiveEntry {
    /// The name to show; nil for what is no file of a person's.
    fileprivate func shownName(_ index: Int) -> String? {
        guard isFile else { return nil }
        let path = String(cString: name)
        let parts = path.split(whereSeparator: { $0 == "/" || $0 == "\\" })
        guard !parts.contains("__MACOSX") else { return nil }
        let shown = FileName.display(path, fallback: "file-\(index + 1)")
        let lower = shown.lowercased()
        let isOfTheSystem =
            lower.hasPrefix("._") || [".ds_store", "thumbs.db", "desktop.ini", "dicomdir"].contains(lower)
        return isOfTheSystem ? nil : shown
    }
}

extension PictureFault {
    fileprivate static let damagedArchive = PictureFault(
        .damagedArchive,
        "The archive is damaged or incomplete. Please pack it again, or upload the pictures themselves.")

    fileprivate static let encrypted = PictureFault(
        .encryptedArchive, "The archive is protected with a password. Please unpack it and upload the pictures.")

    fileprivate static func tooManyEntries(_ limits: ArchiveLimits) -> PictureFault {
        PictureFault(
            .archiveTooLarge,
            "The archive has more than \(limits.maxEntries) files. Please choose the pictures you need.")
    }

    fileprivate static func entryTooLarge(_ limits: ArchiveLimits) -> PictureFault {
        PictureFault(
            .archiveTooLarge,
            "A file in the archive is larger than \(limits.maxEntryBytes >> 20) MB, the most that is read here.")
    }

    fileprivate static let unpacksToTooMuch = PictureFault(
        .archiveTooLarge, "The archive would unpack to more than is read here. Please choose the pictures you need.")
}
