import Crypto
import Custody
import Foundation

/// The form of a backup: a header in the open, then sealed frames. docs/operations.md describes it under Backups.
///
/// | bytes | what |
/// |---|---|
/// | 8 | `LBBACKUP` |
/// | 1 | the form's version, 1 |
/// | 32 | salt, new for each backup |
/// | 16 | proof of the key |
/// | then frames: 1 | kind |
/// | 4 | length of what follows, little endian |
/// | … | AES-256-GCM of the frame, and its tag of 16 bytes |
///
/// A frame's nonce is its number, and header, number and kind are bound to it: a frame that is changed, moved, left out
/// or put in is found, and so is an end that was cut off, because the last frame is of a kind of its own.
enum BackupFormat {
    static let magic = Array("LBBACKUP".utf8) + [1]
    static let saltBytes = 32
    static let proofBytes = 16
    static let headerBytes = magic.count + saltBytes + proofBytes
    static let tagBytes = 16
    /// So much of a file is in one frame: what writing and reading hold in memory.
    static let chunkBytes = 1 << 20

    enum Kind: UInt8 {
        /// ``Part``, as JSON.
        case part = 1
        case data = 2
        /// ``PartEnd``, as JSON.
        case partEnd = 3
        /// ``Manifest``, as JSON: the last frame.
        case manifest = 4
    }

    struct Part: Codable {
        /// Its path in the data folder.
        var name: String
    }

    struct PartEnd: Codable, Equatable {
        var bytes: Int
        var sha256: String
    }

    struct Manifest: Codable, Equatable {
        var program: String
        /// When the databases were copied.
        var madeAt: Date
        /// The newest migration of the database.
        var schema: String
        /// The id of the key that signed the reports; nil where there was none.
        var reportKey: String?
        var parts: Int
        var bytes: Int
        /// SHA-256 of all parts' lines `name bytes sha256`, in their order.
        var digest: String
    }

    static func nonce(_ number: Int) throws -> AES.GCM.Nonce {
        try AES.GCM.Nonce(data: (0..<12).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 0 })
    }

    static func binding(_ header: [UInt8], _ number: Int, _ kind: Kind) -> [UInt8] {
        header + (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } + [kind.rawValue]
    }

    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }()

    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }()
}

/// What a backup's parts add up to, kept while they are written and while they are read.
struct BackupTally {
    private(set) var parts = 0
    private(set) var bytes = 0
    private var all = SHA256()

    mutating func add(_ name: String, _ end: BackupFormat.PartEnd) {
        parts += 1
        bytes += end.bytes
        all.update(data: Data("\(name) \(end.bytes) \(end.sha256)\n".utf8))
    }

    var digest: String { all.finalize().hexadecimal }
}

extension Digest {
    var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

/// Writes a backup, a frame at a time.
struct BackupWriter {
    private let file: FileHandle
    private let header: [UInt8]
    private let key: SymmetricKey
    private var number = 0
    private(set) var tally = BackupTally()

    init(_ file: FileHandle, _ backupKey: BackupKey) throws {
        self.file = file
        let salt = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        key = backupKey.sealing(salt: salt)
        header = BackupFormat.magic + salt + backupKey.proof(salt: salt)
        try file.write(contentsOf: header)
    }

    /// Writes what `source` holds from its beginning up to the size that it has now.
    mutating func add(_ name: String, _ source: FileHandle) throws {
        try frame(.part, try BackupFormat.encoder.encode(BackupFormat.Part(name: name)))
        var rest = Int(try source.seekToEnd())
        try source.seek(toOffset: 0)
        var hash = SHA256()
        var bytes = 0
        while rest > 0, let piece = try source.read(upToCount: min(rest, BackupFormat.chunkBytes)), !piece.isEmpty {
            try frame(.data, piece)
            hash.update(data: piece)
            bytes += piece.count
            rest -= piece.count
        }
        let end = BackupFormat.PartEnd(bytes: bytes, sha256: hash.finalize().hexadecimal)
        try frame(.partEnd, try BackupFormat.encoder.encode(end))
        tally.add(name, end)
    }

    mutating func finish(_ manifest: BackupFormat.Manifest) throws {
        try frame(.manifest, try BackupFormat.encoder.encode(manifest))
    }

    private mutating func frame(_ kind: BackupFormat.Kind, _ content: Data) throws {
        let box = try AES.GCM.seal(
            content, using: key, nonce: try BackupFormat.nonce(number),
            authenticating: BackupFormat.binding(header, number, kind))
        let count = UInt32(box.ciphertext.count + box.tag.count)
        try file.write(
            contentsOf: Data([kind.rawValue]) + withUnsafeBytes(of: count.littleEndian) { Data($0) } + box.ciphertext
                + box.tag)
        number += 1
    }
}

/// A backup isn't as it was written.
struct BackupDamage: Error, CustomStringConvertible {
    /// The first part that can't be read, for people.
    let place: String
    let trouble: String

    var description: String { "The backup is damaged at \(place): \(trouble)." }
}

/// Reads a backup, a frame at a time. Nothing of a frame is used before it was found whole.
struct BackupReader {
    private let file: FileHandle
    private let header: [UInt8]
    private let key: SymmetricKey
    private var number = 0
    private var tally = BackupTally()
    private var place = "its beginning"

    init(_ file: FileHandle, _ backupKey: BackupKey) throws {
        self.file = file
        let header = [UInt8](try file.read(upToCount: BackupFormat.headerBytes) ?? Data())
        guard header.count == BackupFormat.headerBytes, header.starts(with: BackupFormat.magic) else {
            throw BackupDamage(place: "its beginning", trouble: "it doesn't begin as a backup does")
        }
        let salt = Array(header.dropFirst(BackupFormat.magic.count).prefix(BackupFormat.saltBytes))
        guard backupKey.proof(salt: salt) == Array(header.suffix(BackupFormat.proofBytes)) else {
            throw Exit(.badData, "The backup was made under another key, or its first bytes are damaged.")
        }
        self.header = header
        key = backupKey.sealing(salt: salt)
    }

    /// Reads all parts. `begin` makes the place that a part's pieces are written to, or nil where they only are checked.
    ///
    /// - Throws: ``BackupDamage`` with the first part that isn't whole.
    mutating func read(_ begin: (String) throws -> FileHandle?) throws -> BackupFormat.Manifest {
        while true {
            let (kind, content) = try frame()
            switch kind {
            case .part:
                let name = try decoded(BackupFormat.Part.self, content).name
                place = name
                tally.add(name, try part(try begin(name)))
                place = "what comes after \(name)"
            case .manifest:
                place = "its end"
                let manifest = try decoded(BackupFormat.Manifest.self, content)
                guard try file.read(upToCount: 1)?.isEmpty != false else { throw damage("something follows it") }
                guard manifest.parts == tally.parts, manifest.bytes == tally.bytes, manifest.digest == tally.digest
                else { throw damage("its parts aren't those that were written") }
                return manifest
            case .data, .partEnd: throw damage("its frames are out of order")
            }
        }
    }

    private mutating func part(_ target: FileHandle?) throws -> BackupFormat.PartEnd {
        defer { try? target?.close() }
        var hash = SHA256()
        var bytes = 0
        while true {
            let (kind, content) = try frame()
            switch kind {
            case .data:
                hash.update(data: content)
                bytes += content.count
                try target?.write(contentsOf: content)
            case .partEnd:
                let end = try decoded(BackupFormat.PartEnd.self, content)
                guard end == BackupFormat.PartEnd(bytes: bytes, sha256: hash.finalize().hexadecimal) else {
                    throw damage("it isn't what its checksum says")
                }
                return end
            case .part, .manifest: throw damage("its frames are out of order")
            }
        }
    }

    private mutating func frame() throws -> (BackupFormat.Kind, Data) {
        let start = [UInt8](try file.read(upToCount: 5) ?? Data())
        guard start.count == 5 else { throw damage("it ends too early") }
        let count = start[1...].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard let kind = BackupFormat.Kind(rawValue: start[0]), count >= BackupFormat.tagBytes,
            count <= BackupFormat.chunkBytes + BackupFormat.tagBytes
        else { throw damage("its bytes were changed") }
        let sealed = try file.read(upToCount: count) ?? Data()
        guard sealed.count == count else { throw damage("it ends too early") }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: try BackupFormat.nonce(number), ciphertext: sealed.dropLast(BackupFormat.tagBytes),
                tag: sealed.suffix(BackupFormat.tagBytes))
            let content = try AES.GCM.open(
                box, using: key, authenticating: BackupFormat.binding(header, number, kind))
            number += 1
            return (kind, content)
        } catch {
            throw damage("its bytes were changed")
        }
    }

    private func decoded<Value: Decodable>(_ type: Value.Type, _ content: Data) throws -> Value {
        do {
            return try BackupFormat.decoder.decode(type, from: content)
        } catch {
            throw damage("it is of a form that this program doesn't know")
        }
    }

    private func damage(_ trouble: String) -> BackupDamage { BackupDamage(place: place, trouble: trouble) }
}
