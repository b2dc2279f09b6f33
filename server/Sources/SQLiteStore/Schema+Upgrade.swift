public import Foundation
import GRDB
import Glibc

/// Which migrations a database has seen, held against those that this program knows.
public struct SchemaState: Sendable, Equatable {
    /// Those that have run, in their order; then those that this program doesn't know.
    public let applied: [String]
    /// Those that this program would run.
    public let pending: [String]
    /// Those that only a newer program knows.
    public let unknown: [String]
}

/// The database was written by a newer program.
public struct SchemaFault: Error, CustomStringConvertible {
    public let unknown: [String]

    public var description: String {
        "the database was written by a newer Lightbox (\(unknown.joined(separator: "; "))); start that one, or go back as docs/operations.md says under Rollback"
    }
}

extension Schema {
    /// Runs what hasn't run. Before that, a database with content is copied beside itself: the way back.
    ///
    /// - Parameter last: the last one that is run; nil for all.
    /// - Throws: ``SchemaFault`` for one that a newer program has written; it is not touched.
    static func bringUpToDate(
        _ pool: DatabasePool, at path: String, upTo last: String? = nil, migrator: DatabaseMigrator = Schema.migrator
    ) throws {
        let state = try pool.read { database in try Self.state(in: database, migrator) }
        guard state.unknown.isEmpty else { throw SchemaFault(unknown: state.unknown) }
        if let next = state.pending.first, !state.applied.isEmpty {
            try SQLiteDatabase.copy(path, to: copyPath(path, before: next))
        }
        if let last { try migrator.migrate(pool, upTo: last) } else { try migrator.migrate(pool) }
    }

    static func state(in database: Database, _ migrator: DatabaseMigrator = Schema.migrator) throws -> SchemaState {
        let seen = try migrator.appliedIdentifiers(database)
        let known = migrator.migrations
        let unknown = seen.subtracting(known).sorted()
        return SchemaState(
            applied: known.filter(seen.contains) + unknown, pending: known.filter { !seen.contains($0) },
            unknown: unknown)
    }

    /// `lightbox.sqlite` → `lightbox.before-migration-7.sqlite`: the number is that of the first migration that ran after.
    static func copyPath(_ path: String, before migration: String) -> String {
        let number = migration.prefix { $0 != ":" }
        return (path as NSString).deletingPathExtension + ".before-migration-\(number).sqlite"
    }
}

extension SQLiteDatabase {
    /// What a program would find in a file, without changing it.
    public static func schema(of path: String) throws -> SchemaState {
        try queue(path).read { try Schema.state(in: $0) }
    }

    /// Copies a database, as it is at one moment and without the pages of what was erased, while others write to it.
    /// The copy appears whole or not at all, for its owner's eyes only; one that was there before is replaced.
    public static func copy(_ path: String, to copy: String) throws {
        let draft = "\(copy).draft"
        unlink(draft)
        // SQLite takes an empty file for a new database, but not its mode from anybody.
        let made = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard made >= 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: draft]) }
        defer { Glibc.close(made) }
        do {
            try queue(path).writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
            guard fsync(made) == 0, rename(draft, copy) == 0 else {
                throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: copy])
            }
        } catch {
            unlink(draft)
            throw error
        }
        let folder = open((copy as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            Glibc.close(folder)
        }
    }

    /// Removes copies from before a migration that are older than `lifetime`.
    ///
    /// - Returns: how many.
    public static func removeCopies(beside path: String, olderThan lifetime: TimeInterval, now: Date) throws -> Int {
        let url = URL(filePath: path)
        let stem = url.deletingPathExtension().lastPathComponent + ".before-migration-"
        let folder = url.deletingLastPathComponent()
        var removed = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix(stem) && name.hasSuffix(".sqlite") {
            let file = folder.appending(path: name).path
            let made = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
            guard let made, now.timeIntervalSince(made) > lifetime else { continue }
            try FileManager.default.removeItem(atPath: file)
            removed += 1
        }
        return removed
    }

    /// A connection for one task, which neither makes a file nor changes a schema.
    static func queue(_ path: String) throws -> DatabaseQueue {
        guard access(path, F_OK) == 0 else {
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.label = "lightbox.copy"
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
