import ArgumentParser
import AuditTrail
import Custody
import Foundation
import Glibc
import SQLiteStore
import Workflows

/// `lightbox backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes the data into one sealed file, while the server runs.",
        discussion: """
            The databases are copied as they are at one moment, then the files, which never change. The backup is sealed \
            under the key in --key-file. Master key and signing key are not in it: keep copies of both elsewhere, and \
            the backup key at a third place.
            A backup holds what people erase later. It must be destroyed in time: docs/operations.md says how.
            Exit status: 0 written, 66 there is nothing to save, 69 the data or the key can't be read, 73 FILE is there or can't be written.
            """)

    @Argument(help: "The file to write; nothing may be there.")
    var target: String

    @Option(help: "File with the backup key: 32 bytes in Base64, mode 0600.")
    var keyFile: String

    @Flag(help: "Make the file of the backup key if it isn't there.")
    var makeKey = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Exit.reporting {
            let configuration = try options.load()
            umask(0o077)
            let key: BackupKey
            do throws(KeyFault) {
                key = try BackupKey.load(keyFile, mayMake: makeKey)
            } catch {
                throw Exit(.unavailable, error.description)
            }
            guard access(target, F_OK) != 0 else {
                throw Exit(.cannotWrite, "\(target) is there already. Name another file, or remove it.")
            }
            let manifest = try Backup(configuration).write(to: target, key)
            let audit = CommandAudit()
            audit.record(.dataSaved, bytes: manifest.bytes)
            try await audit.write(configuration)
            print("Saved \(manifest.parts) files of \(manifest.bytes) bytes in \(target).")
        }
    }
}

/// Saves a data folder.
struct Backup {
    private let configuration: Configuration
    private let data: String

    init(_ configuration: Configuration) throws {
        self.configuration = configuration
        data = configuration.dataDirectory
        guard access(configuration.database, F_OK) == 0 else {
            throw Exit(.noInput, "There is no database at \(configuration.database). “lightbox serve” makes it.")
        }
    }

    /// Writes beside and renames, so that a backup that is there is whole.
    func write(to target: String, _ key: BackupKey) throws -> BackupFormat.Manifest {
        let draft = "\(target).partial"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.cannot("write", target) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            let manifest = try write(to: file, key)
            // A link never replaces what came there meanwhile.
            guard fsync(descriptor) == 0, link(draft, target) == 0 else { throw Self.cannot("write", target) }
            unlink(draft)
            Self.sync(folderOf: target)
            return manifest
        } catch {
            unlink(draft)
            if error is Exit { throw error }
            throw Exit(.cannotWrite, "The backup can't be written: \(error)")
        }
    }

    private func write(to file: FileHandle, _ key: BackupKey) throws -> BackupFormat.Manifest {
        let staging = try Staging(in: data)
        defer { staging.remove() }
        var writer = try BackupWriter(file, key)
        let madeAt = Date()
        // The database first: what it names was on the disk before.
        let copy = try staging.copied(configuration.database, SQLiteDatabase.copy)
        let schema = try SQLiteDatabase.schema(of: copy).applied.last ?? ""
        try writer.add("lightbox.sqlite", try staging.opened(copy))
        // Heads before the trail: one of a line that the copy doesn't have yet would tell of a cut.
        if let heads = try Self.existing(configuration.auditHeadsFile) { try writer.add("audit-heads.jsonl", heads) }
        if access(configuration.auditDatabase, F_OK) == 0 {
            try writer.add(
                "audit.sqlite", try staging.opened(try staging.copied(configuration.auditDatabase, AuditDatabase.copy)))
        }
        for session in try Self.names(in: "\(data)/files") {
            for name in try Self.names(in: "\(data)/files/\(session)") where !name.hasSuffix(".part") {
                // One that was erased meanwhile is fine.
                guard let blob = try Self.existing("\(data)/files/\(session)/\(name)") else { continue }
                try writer.add("files/\(session)/\(name)", blob)
                try blob.close()
            }
        }
        let signer = try? SigningKey.load(configuration.signingKeyFile, mayMake: false)
        let manifest = BackupFormat.Manifest(
            program: Version.current, madeAt: madeAt, schema: schema, reportKey: signer.map { ReportKey(of: $0).id },
            parts: writer.tally.parts, bytes: writer.tally.bytes, digest: writer.tally.digest)
        try writer.finish(manifest)
        return manifest
    }

    // MARK: - The disk

    /// A folder for copies of databases in the data folder, for one backup at a time. What a killed one left goes first.
    private struct Staging {
        private let folder: String
        private let lock: Int32

        init(in data: String) throws {
            folder = "\(data)/.backup"
            lock = open("\(data)/.backup.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard lock >= 0 else { throw cannot("write into", data) }
            guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
                close(lock)
                throw Exit(.unavailable, "Another backup is being written.")
            }
            try? FileManager.default.removeItem(atPath: folder)
            guard mkdir(folder, 0o700) == 0 else { throw cannot("write into", data) }
        }

        func copied(_ path: String, _ copy: (String, String) throws -> Void) throws -> String {
            let target = "\(folder)/\((path as NSString).lastPathComponent)"
            do {
                try copy(path, target)
            } catch {
                throw Exit(.unavailable, "\(path) can't be copied: \(error)")
            }
            return target
        }

        /// The copy's name goes at once: it is on the disk for as long as it is read.
        func opened(_ path: String) throws -> FileHandle {
            guard let file = try existing(path) else { throw cannot("read", path) }
            unlink(path)
            return file
        }

        func remove() {
            try? FileManager.default.removeItem(atPath: folder)
            close(lock)
        }
    }

    private static func existing(_ path: String) throws -> FileHandle? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw cannot("read", path)
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func names(in path: String) throws -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw cannot("read", path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    static func sync(folderOf path: String) {
        let parent = URL(filePath: path).deletingLastPathComponent().path
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    static func cannot(_ act: String, _ path: String) -> Exit {
        Exit(act == "read" ? .unavailable : .cannotWrite, "Can't \(act) \(path): \(String(cString: strerror(errno))).")
    }
}
