import ArgumentParser
import AuditTrail
import Custody
import Domain
import Foundation
import Glibc
import SQLiteStore
import Workflows

/// `lightbox restore`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Reads a backup into a new data folder, or only checks it.",
        discussion: """
            Nothing appears at --into before all of the backup was found whole and its databases answered.
            Sessions that were erased, logged off or expired after the backup are removed where --erased-since names a newer trail: what \
            “lightbox audit export” printed, or a copy of audit.sqlite.
            Exit status: 0 restored, 65 damaged or another key, 66 there is no such file, 73 the folder isn't empty or can't be written.
            """)

    @Argument(help: "The backup.")
    var source: String

    @Option(help: "File with the backup key.")
    var keyFile: String

    @Option(help: "The data folder to make; nothing may be in it.")
    var into: String?

    @Flag(help: "Only read the backup and say whether it is whole.")
    var check = false

    @Option(help: "A newer audit trail, whose erased, logged-off and expired sessions are left out.")
    var erasedSince: String?

    func validate() throws {
        guard check != (into != nil) else { throw ValidationError("Give either --into FOLDER or --check.") }
    }

    func run() async throws {
        try await Exit.reporting {
            umask(0o077)
            let key: BackupKey
            do throws(KeyFault) {
                key = try BackupKey.load(keyFile)
            } catch {
                throw Exit(.unavailable, error.description)
            }
            guard let file = FileHandle(forReadingAtPath: source) else {
                throw Exit(.noInput, "\(source) can't be opened.")
            }
            do {
                guard let into else {
                    var reader = try BackupReader(file, key)
                    let manifest = try reader.read { _ in nil }
                    print("Whole: \(Self.words(for: manifest))")
                    return
                }
                let erased = try erasedSince.map(Self.pseudonymsOfErased) ?? []
                let (manifest, removed) = try Restore(into: into).run(file, key, leavingOut: erased)
                print("Restored into \(into): \(Self.words(for: manifest))")
                if erasedSince != nil { print("\(removed) sessions that were erased since are left out.") }
                print("It takes the master key of that time.", terminator: "")
                print(manifest.reportKey.map { " Its reports were signed by the key \($0)." } ?? "")
            } catch let damage as BackupDamage {
                throw Exit(.badData, damage.description)
            }
        }
    }

    private static func words(for manifest: BackupFormat.Manifest) -> String {
        "\(manifest.parts) files of \(manifest.bytes) bytes, of \(manifest.madeAt.formatted(.iso8601)), schema “\(manifest.schema)”, by Lightbox \(manifest.program)."
    }

    // MARK: - What was erased since

    private struct Line: Decodable {
        var session: String?
        var event: String
    }

    private static func pseudonymsOfErased(_ path: String) throws -> Set<String> {
        guard let file = FileHandle(forReadingAtPath: path) else { throw Exit(.noInput, "\(path) can't be opened.") }
        defer { try? file.close() }
        let isDatabase = try file.read(upToCount: 15) == Data("SQLite format 3".utf8)
        let over: Set<String> = [
            AuditEvent.sessionErased.rawValue, AuditEvent.sessionLoggedOff.rawValue,
            AuditEvent.sessionExpired.rawValue,
        ]
        let found = Pseudonyms()
        if isDatabase {
            do {
                try AuditDatabase(path: path).read { if over.contains($0.event) { found.insert($0.session) } }
            } catch {
                throw Exit(.badData, "\(path) is no audit trail: \(error)")
            }
        } else {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw Exit(.badData, "\(path) is no text.")
            }
            for (index, line) in text.split(separator: "\n").enumerated() {
                guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)) else {
                    throw Exit(.badData, "Line \(index + 1) of \(path) is no line of an audit trail.")
                }
                if over.contains(line.event) { found.insert(line.session ?? "") }
            }
        }
        return found.all.subtracting([""])
    }

    /// Filled by one reader on this thread; a class, because the trail's reader takes a closure that may be sent.
    private final class Pseudonyms: @unchecked Sendable {
        private(set) var all: Set<String> = []
        func insert(_ name: String) { all.insert(name) }
    }
}

/// Makes a data folder out of a backup, beside its place first.
struct Restore {
    private let folder: String
    private let draft: String

    init(into folder: String) throws {
        self.folder = URL(filePath: folder).standardizedFileURL.path
        draft = self.folder + ".restoring"
        if access(self.folder, F_OK) == 0 {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: self.folder), names.isEmpty else {
                throw Exit(.cannotWrite, "\(folder) isn't an empty folder. Restore into a new one.")
            }
        }
    }

    /// - Returns: how many sessions were left out, beside what the backup says of itself.
    func run(
        _ file: FileHandle, _ key: BackupKey, leavingOut erased: Set<String>
    ) throws -> (BackupFormat.Manifest, Int) {
        // What a killed restore left.
        try? FileManager.default.removeItem(atPath: draft)
        guard mkdir(draft, 0o700) == 0 else { throw Backup.cannot("write", draft) }
        do {
            var reader = try BackupReader(file, key)
            let manifest = try reader.read(begin)
            for name in ["lightbox.sqlite", "audit.sqlite"] where access("\(draft)/\(name)", F_OK) == 0 {
                if let trouble = SQLiteDatabase.trouble(in: "\(draft)/\(name)") {
                    throw BackupDamage(place: name, trouble: trouble)
                }
            }
            let removed = try leaveOut(erased)
            try settle()
            return (manifest, removed)
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw error
        }
    }

    /// A backup that opens under the key is ours; that its names stay in the folder is made sure all the same.
    private func begin(_ name: String) throws -> FileHandle? {
        let pieces = name.split(separator: "/", omittingEmptySubsequences: false)
        let isKnown =
            ["lightbox.sqlite", "audit.sqlite", "audit-heads.jsonl"].contains(name)
            || pieces.count == 3 && pieces[0] == "files" && SessionID(pieces[1]) != nil && !pieces[2].isEmpty
                && !pieces[2].hasPrefix(".")
        guard isKnown else { throw BackupDamage(place: name, trouble: "there is no such file in a data folder") }
        if pieces.count == 3 {
            try FileManager.default.createDirectory(
                atPath: "\(draft)/\(pieces[0])/\(pieces[1])", withIntermediateDirectories: true)
        }
        let descriptor = open("\(draft)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Backup.cannot("write", "\(draft)/\(name)") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private func leaveOut(_ erased: Set<String>) throws -> Int {
        let database = "\(draft)/lightbox.sqlite"
        var gone: [SessionID] = []
        if !erased.isEmpty {
            try SQLiteDatabase.sessions(in: database) {
                if erased.contains(AuditLine.pseudonym(of: $0)) { gone.append($0) }
            }
        }
        guard !gone.isEmpty else { return 0 }
        try SQLiteDatabase.erase(gone, in: database)
        for session in gone { try? FileManager.default.removeItem(atPath: "\(draft)/files/\(session)") }
        return gone.count
    }

    /// All of it is on the disk before it gets its name.
    private func settle() throws {
        sync()
        // An empty folder is replaced; one that was filled meanwhile isn't.
        guard rename(draft, folder) == 0 else { throw Backup.cannot("write", folder) }
        Backup.sync(folderOf: folder)
    }
}
