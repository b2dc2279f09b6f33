// max_len 16384
import Archives
import Domain

/// ZIP archives. The input is the archive.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArchive(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    let limits = ArchiveLimits(maxEntries: 8, maxEntryBytes: 1 << 18, maxTotalBytes: 1 << 19, maxRatio: 200)
    let archive = ZipArchive(bytes, limits: limits)
    guard let entries = try? archive.entries() else {
        guard (try? archive.extract(0, pieceLength: 1000)) == nil else { fatalError("a file of a refused archive") }
        return 0
    }
    let total = entries.reduce(0) { $0 + $1.bytes }
    guard entries.count <= limits.maxEntries, entries.allSatisfy({ (0...limits.maxEntryBytes).contains($0.bytes) }),
        total <= min(limits.maxTotalBytes, count * limits.maxRatio), Set(entries.map(\.index)).count == entries.count
    else { fatalError("entries outside the limits") }
    for entry in entries {
        guard !entry.name.isEmpty, !entry.name.contains("/") else { fatalError("a name that is a path") }
        unpack(archive, entry)
    }
    return 0
}

/// A file is whole and as long as declared, or refused.
private func unpack(_ archive: ZipArchive, _ entry: ArchiveEntry) {
    var have = 0
    do throws(PictureFault) {
        let extraction = try archive.extract(entry.index, pieceLength: 1000)
        while let piece = try extraction.next() {
            have += piece.count
            guard !piece.isEmpty, piece.count <= 1000, have <= entry.bytes else { fatalError("more than was declared") }
        }
    } catch { return }
    guard have == entry.bytes else { fatalError("a file that is not whole") }
}
