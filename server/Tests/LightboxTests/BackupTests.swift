import Custody
import Foundation
import Testing

@testable import lightbox

@Suite("The form of a backup")
final class BackupTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())").path
    private let key: BackupKey

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        key = try BackupKey.load("\(folder)/key", mayMake: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static let files: [(String, Data)] = [
        ("first", Data("one".utf8)), ("empty", Data()),
        // More than a frame, and no multiple of it.
        ("long", Data((0..<BackupFormat.chunkBytes + 77).map { UInt8(truncatingIfNeeded: $0 &* 7) })),
    ]

    private func write(_ files: [(String, Data)] = files) throws -> Data {
        let path = "\(folder)/backup"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        var writer = try BackupWriter(try #require(FileHandle(forWritingAtPath: path)), key)
        for (name, content) in files {
            try content.write(to: URL(filePath: "\(folder)/source"))
            try writer.add(name, try #require(FileHandle(forReadingAtPath: "\(folder)/source")))
        }
        try writer.finish(
            BackupFormat.Manifest(
                program: "1", madeAt: Date(timeIntervalSince1970: 0), schema: "", reportKey: nil,
                parts: writer.tally.parts, bytes: writer.tally.bytes, digest: writer.tally.digest))
        return try Data(contentsOf: URL(filePath: path))
    }

    private func read(_ backup: Data, _ key: BackupKey? = nil) throws -> [String: Data] {
        try backup.write(to: URL(filePath: "\(folder)/changed"))
        var reader = try BackupReader(try #require(FileHandle(forReadingAtPath: "\(folder)/changed")), key ?? self.key)
        var names: [String] = []
        _ = try reader.read { name in
            names.append(name)
            _ = FileManager.default.createFile(atPath: "\(folder)/out-\(name)", contents: nil)
            return FileHandle(forWritingAtPath: "\(folder)/out-\(name)")
        }
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: "\(folder)/out-\($0)"))) })
    }

    @Test("What was written is read, and two backups of the same have nothing in common")
    func roundTrip() throws {
        let backup = try write()
        #expect(try read(backup) == Dictionary(uniqueKeysWithValues: Self.files))
        #expect(backup.range(of: Data("first".utf8)) == nil)
        let other = try write()
        #expect(other.count == backup.count && other.dropFirst(9) != backup.dropFirst(9))
    }

    @Test("Another key is told from damage")
    func otherKey() throws {
        let backup = try write()
        let other = try BackupKey.load("\(folder)/other", mayMake: true)
        let error = #expect(throws: Exit.self) { try read(backup, other) }
        #expect(error?.status == .badData)
    }

    @Test("Each changed byte is found")
    func changes() throws {
        let backup = try write(Array(Self.files.prefix(2)))
        for place in backup.indices {
            var changed = backup
            changed[place] ^= 1
            #expect(throws: (any Error).self, "byte \(place)") { try read(changed) }
        }
    }

    @Test("A backup that was cut is found, wherever")
    func cuts() throws {
        let backup = try write(Array(Self.files.prefix(2)))
        for count in 0..<backup.count {
            #expect(throws: (any Error).self, "\(count) bytes") { try read(backup.prefix(count)) }
        }
        let longer = #expect(throws: BackupDamage.self) { try read(backup + Data([0])) }
        #expect(longer?.place == "its end")
    }

    @Test("The first damaged part is named")
    func places() throws {
        let backup = try write()
        var changed = backup
        changed[backup.count - BackupFormat.chunkBytes / 2] ^= 1
        #expect(#expect(throws: BackupDamage.self) { try read(changed) }?.place == "long")
        var early = backup
        early[BackupFormat.headerBytes + 9] ^= 1
        #expect(#expect(throws: BackupDamage.self) { try read(early) }?.place == "its beginning")
    }

    @Test("Frames that change places are found")
    func order() throws {
        let same = [("a", Data("1".utf8)), ("b", Data("2".utf8))]
        let backup = try write(same)
        // Both parts take the same number of bytes: they are put in each other's place.
        let start = BackupFormat.headerBytes
        let end = #"{"bytes":1,"sha256":""}"#.utf8.count + 64
        let part = 3 * (5 + BackupFormat.tagBytes) + #"{"name":"a"}"#.utf8.count + 1 + end
        let swapped =
            backup[..<start] + backup[(start + part)..<(start + 2 * part)] + backup[start..<(start + part)]
            + backup[(start + 2 * part)...]
        #expect(swapped.count == backup.count)
        #expect(throws: BackupDamage.self) { try read(Data(swapped)) }
    }
}
