import Archives
import Domain
import Testing

@Suite("ZIP archives")
struct ZipArchiveTests {
    typealias Entry = ZipWriter.Entry

    init() {
        ZipArchive.prepareProcess()
    }

    static func list(_ bytes: [UInt8], _ limits: ArchiveLimits = .standard) throws -> [ArchiveEntry] {
        try bytes.withUnsafeBytes { try ZipArchive($0, limits: limits).entries() }
    }

    static func unpack(
        _ bytes: [UInt8], _ index: Int, _ limits: ArchiveLimits = .standard, pieceLength: Int = 1 << 20
    ) throws -> [UInt8] {
        try bytes.withUnsafeBytes { buffer in
            let extraction = try ZipArchive(buffer, limits: limits).extract(index, pieceLength: pieceLength)
            var all: [UInt8] = []
            while let piece = try extraction.next() {
                #expect(piece.count > 0 && piece.count <= pieceLength)
                all += piece
            }
            return all
        }
    }

    static func refusal(_ bytes: [UInt8], _ limits: ArchiveLimits = .standard) -> PictureFault.Code? {
        do {
            _ = try list(bytes, limits)
            return nil
        } catch {
            return (error as? PictureFault)?.code
        }
    }

    static func unpackRefusal(_ bytes: [UInt8], _ index: Int) -> PictureFault.Code? {
        do {
            _ = try unpack(bytes, index)
            return nil
        } catch {
            return (error as? PictureFault)?.code
        }
    }

    @Test(
        "Files are listed and unpacked, stored and deflated ones, in pieces of any length", arguments: [1, 7, 1 << 20])
    func ordinary(pieceLength: Int) throws {
        let zeros = ZipWriter.deflatedZeros(matches: 3)
        let film = Array("a film".utf8)
        let unpacked = [UInt8](repeating: 0, count: zeros.count)
        let archive = ZipWriter.write([
            Entry(name: "films/one.png", content: film), Entry(name: "films/nothing.png", content: []),
            Entry(
                name: "Röntgen.dcm", content: zeros.packed, method: 8, declared: zeros.count,
                crc: ZipWriter.crc(unpacked)),
        ])
        #expect(
            try Self.list(archive) == [
                ArchiveEntry(index: 0, name: "one.png", bytes: 6),
                ArchiveEntry(index: 1, name: "nothing.png", bytes: 0),
                ArchiveEntry(index: 2, name: "Röntgen.dcm", bytes: zeros.count),
            ])
        #expect(try Self.unpack(archive, 0, pieceLength: pieceLength) == film)
        #expect(try Self.unpack(archive, 1, pieceLength: pieceLength) == [])
        #expect(try Self.unpack(archive, 2, pieceLength: pieceLength) == unpacked)
    }

    @Test("Folders, links and what systems and viewers add are left out; the others keep their place")
    func leftOut() throws {
        let archive = ZipWriter.write([
            Entry(name: "films/", content: [], mode: 0o040_755),
            Entry(name: "films/link.png", content: Array("/etc/passwd".utf8), mode: 0o120_777),
            Entry(name: "__MACOSX/films/._one.png", content: [1]), Entry(name: "films/.DS_Store", content: [1]),
            Entry(name: "DICOMDIR", content: [1]), Entry(name: "films\\Thumbs.db", content: [1]),
            Entry(name: "films/one.png", content: [1, 2]), Entry(name: "inner.zip", content: ZipWriter.write([])),
        ])
        #expect(
            try Self.list(archive) == [
                ArchiveEntry(index: 6, name: "one.png", bytes: 2), ArchiveEntry(index: 7, name: "inner.zip", bytes: 22),
            ])
        #expect(try Self.unpack(archive, 6) == [1, 2])
        // An archive in the archive is a file like any other: it stays closed.
        #expect(try Self.unpack(archive, 7) == ZipWriter.write([]))
        for index in [0, 1, 2, 3, 4, 5, 8, -1, .max] {
            #expect(Self.unpackRefusal(archive, index) == .damagedArchive, "\(index)")
        }
    }

    @Test("A name is never a path, and two files may have the same one")
    func names() throws {
        let archive = ZipWriter.write([
            Entry(name: "../../etc/passwd", content: [1]), Entry(name: "/films/x.png", content: [2]),
            Entry(name: "C:\\films\\x.png", content: [3]), Entry(name: "a\u{202E}gnp.exe", content: [4]),
            Entry(name: "..", content: [5]), Entry(name: "\u{1B}[2J", content: [6]),
            Entry(name: String(repeating: "x", count: 4000), content: [7]),
        ])
        let entries = try Self.list(archive)
        #expect(
            entries.map(\.name) == [
                "passwd", "x.png", "x.png", "agnp.exe", "file-5", "[2J",
                String(repeating: "x", count: FileName.longest),
            ])
        #expect(try entries.map { try Self.unpack(archive, $0.index) } == (1...7).map { [$0] })
        // Not UTF-8, and not said to be: shown as far as it can be.
        var latin = ZipWriter.write([Entry(name: "R?ntgen.png", content: [8], flags: 0)])
        for place in latin.indices where latin[place] == UInt8(ascii: "?") { latin[place] = 0x94 }
        #expect(try Self.list(latin).map(\.name) == ["R\u{FFFD}ntgen.png"])
    }

    @Test("Too many files, too large ones and archives that unpack to too much are refused before they are unpacked")
    func limits() throws {
        let three = ZipWriter.write(
            (0..<3).map { Entry(name: "\($0).png", content: [UInt8](repeating: 1, count: 100)) })
        var limits = ArchiveLimits(maxEntries: 3, maxEntryBytes: 100, maxTotalBytes: 300, maxRatio: 1)
        #expect(Self.refusal(three, limits) == nil)
        limits.maxEntries = 2
        #expect(Self.refusal(three, limits) == .archiveTooLarge)
        limits = ArchiveLimits(maxEntries: 3, maxEntryBytes: 99, maxTotalBytes: 300, maxRatio: 1)
        #expect(Self.refusal(three, limits) == .archiveTooLarge)
        limits = ArchiveLimits(maxEntries: 3, maxEntryBytes: 100, maxTotalBytes: 299, maxRatio: 1)
        #expect(Self.refusal(three, limits) == .archiveTooLarge)
        // What isn't listed counts as well.
        let folders = ZipWriter.write((0..<31).map { Entry(name: "\($0)/", content: [], mode: 0o040_755) })
        limits.maxEntries = 3
        #expect(Self.refusal(folders, limits) == .archiveTooLarge)
        #expect(Self.refusal(folders) == nil)
    }

    @Test("A bomb is refused by its ratio, and one that lies about its size when more comes than it said")
    func bombs() throws {
        let zeros = ZipWriter.deflatedZeros(matches: 2000)
        #expect(zeros.count / zeros.packed.count > 150)
        let crc = ZipWriter.crc([UInt8](repeating: 0, count: zeros.count))
        let honest = ZipWriter.write([
            Entry(name: "a.dcm", content: zeros.packed, method: 8, declared: zeros.count, crc: crc)
        ])
        #expect(Self.refusal(honest) == nil)
        #expect(try Self.unpack(honest, 0).count == zeros.count)
        var limits = ArchiveLimits.standard
        limits.maxRatio = 100
        #expect(Self.refusal(honest, limits) == .archiveTooLarge)
        for declared in [0, 1, zeros.count - 1, zeros.count + 1] {
            let liar = ZipWriter.write([
                Entry(name: "a.dcm", content: zeros.packed, method: 8, declared: declared, crc: crc)
            ])
            #expect(Self.unpackRefusal(liar, 0) == .damagedArchive, "\(declared)")
        }
        let huge = ZipWriter.write([Entry(name: "a.dcm", content: zeros.packed, method: 8, declared: 0xFFFF_FFF0)])
        #expect(Self.refusal(huge) == .archiveTooLarge)
    }

    @Test("An archive with a password is refused by name; encrypted files that are left out don't matter")
    func encrypted() {
        #expect(
            Self.refusal(ZipWriter.write([Entry(name: "a.png", content: [1, 2], flags: 0x801)])) == .encryptedArchive)
        #expect(Self.refusal(ZipWriter.write([Entry(name: "DICOMDIR", content: [1, 2], flags: 0x801)])) == nil)
    }

    @Test("A wrong checksum, an unknown compression and other damage are refused")
    func damage() throws {
        #expect(Self.unpackRefusal(ZipWriter.write([Entry(name: "a", content: [1], crc: 5)]), 0) == .damagedArchive)
        // LZMA.
        let other = ZipWriter.write([Entry(name: "a", content: [1, 2, 3], method: 14, declared: 9)])
        #expect(Self.unpackRefusal(other, 0) == .unsupportedFormat)
        let whole = ZipWriter.write([Entry(name: "a.png", content: [UInt8](repeating: 3, count: 500))])
        #expect(Self.refusal([]) == .emptyFile)
        #expect(Self.refusal(Array("These are notes.".utf8)) == .unsupportedFormat)
        for count in [4, 30, 300, whole.count - 30, whole.count - 1] {
            #expect(Self.refusal(Array(whole.prefix(count))) == .damagedArchive, "\(count)")
        }
    }

    @Test("A thousand damaged archives are read or refused, and never more comes out than was declared")
    func fuzz() throws {
        var generator = SystemRandomNumberGenerator()
        let zeros = ZipWriter.deflatedZeros(matches: 40)
        let whole = ZipWriter.write([
            Entry(name: "a.png", content: Array(0...255)), Entry(name: "b/c.dcm", content: zeros.packed, method: 8),
        ])
        let limits = ArchiveLimits(maxEntries: 10, maxEntryBytes: 20_000, maxTotalBytes: 40_000, maxRatio: 100)
        for _ in 0..<1000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[.random(in: 4..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            guard let entries = try? Self.list(bytes, limits) else { continue }
            for entry in entries {
                if let content = try? Self.unpack(bytes, entry.index, limits) { #expect(content.count == entry.bytes) }
            }
        }
    }
}
