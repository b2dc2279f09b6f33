public import Domain
import Foundation
import Glibc
public import Workflows

/// Files in folders: one folder for each session, so that erasing one is removing its folder.
///
/// A file is sealed with its session's key while it is written (see ``FileSeal``), under a name that ends in `.part`;
/// then it is renamed, and it and its folder are synced: after a power cut it is there whole or not at all.
public struct FileBlobStore: BlobStore {
    private let root: String
    private let keys: any SessionKeys
    private let syncs: SyncGroup

    /// - Parameter root: the folder for all sessions; made if it isn't there. Its parent must be there.
    public init(root: String, keys: any SessionKeys) throws(Fault) {
        self.root = root
        self.keys = keys
        try Disk.makeFolder(root)
        syncs = try SyncGroup(root: root)
    }

    public func begin(in session: SessionID) async throws(Fault) -> any BlobWriter {
        try await begin(file: "\(Identifier<BlobName>.make(at: .now)).part", isResumable: false, in: session)
    }

    public func begin(_ reception: ReceptionID, in session: SessionID) async throws(Fault) -> any BlobWriter {
        try await begin(file: BlobName.reception(reception).fileName, isResumable: true, in: session)
    }

    private func begin(
        file name: String, isResumable: Bool, in session: SessionID
    ) async throws(Fault) -> any BlobWriter {
        let key = try await keys.key(of: session)
        let seal = FileSeal(key)
        let folder = folder(session)
        let path = "\(folder)/\(name)"
        let root = root
        let descriptor = try await Disk.run { () throws(Fault) -> Int32 in
            if try Disk.makeFolder(folder) { try Disk.syncFolder(root) }
            let descriptor = try Disk.open(path, O_RDWR | O_CREAT | O_EXCL)
            do throws(Fault) {
                try Disk.write(seal.header(named: name), to: descriptor, at: 0)
            } catch {
                close(descriptor)
                unlink(path)
                throw error
            }
            return descriptor
        }
        return FileBlobWriter(
            folder: folder, path: path, descriptor: descriptor, key: key, seal: seal, syncs: syncs,
            isResumable: isResumable)
    }

    public func resume(_ reception: ReceptionID, in session: SessionID) async throws(Fault) -> any BlobWriter {
        let key = try await keys.key(of: session)
        let folder = folder(session)
        let path = path(.reception(reception), session)
        let syncs = syncs
        return try await Disk.run { () throws(Fault) in
            try FileBlobWriter(
                resuming: path, folder: folder, descriptor: try Disk.open(path, O_RDWR), key: key, syncs: syncs)
        }
    }

    public func put(_ files: [NamedBytes], in session: SessionID) async throws(Fault) {
        let key = try await keys.key(of: session)
        let folder = folder(session)
        let root = root
        let written = try await Disk.run { () throws(Fault) in
            if try Disk.makeFolder(folder) { try Disk.syncFolder(root) }
            return try SmallFiles(files, in: folder, key)
        }
        try await syncs.sync(written.descriptors, in: folder)
    }

    public func open(_ name: BlobName, in session: SessionID) async throws(Fault) -> any StoredFile {
        let key = try await keys.key(of: session)
        let path = path(name, session)
        return try await Disk.run { () throws(Fault) in
            try SealedFile(descriptor: try Disk.open(path, O_RDONLY), named: name.fileName, key: key)
        }
    }

    public func delete(_ names: [BlobName], in session: SessionID) async throws(Fault) {
        let paths = names.map { path($0, session) }
        try await Disk.run { () throws(Fault) in
            for path in paths { try Disk.remove(path) }
        }
    }

    public func deleteAll(in session: SessionID) async throws(Fault) {
        let folder = folder(session)
        try await Disk.run { () throws(Fault) in try Self.removeFolder(folder) }
    }

    public func sweep(
        isOwned: @escaping @Sendable (BlobName, SessionID) async throws(Fault) -> Bool
    ) async throws(Fault) -> Int {
        let root = root
        var removed = 0
        for name in try await Disk.run({ () throws(Fault) in try Disk.names(in: root) }) {
            let folder = "\(root)/\(name)"
            guard let session = SessionID(name) else { continue }
            let files = try await Disk.run { () throws(Fault) in try Disk.names(in: folder) }
            for file in files {
                if let blob = BlobName(fileName: file), try await isOwned(blob, session) { continue }
                try await Disk.run { () throws(Fault) in try Disk.remove("\(folder)/\(file)") }
                removed += 1
            }
            // Only an empty folder goes.
            _ = rmdir(folder)
        }
        return removed
    }

    private func folder(_ session: SessionID) -> String { "\(root)/\(session)" }

    private func path(_ name: BlobName, _ session: SessionID) -> String { "\(folder(session))/\(name.fileName)" }

    private static func removeFolder(_ folder: String) throws(Fault) {
        for name in try Disk.names(in: folder) { try Disk.remove("\(folder)/\(name)") }
        try Disk.removeFolder(folder)
    }
}

extension BlobName {
    /// Made of identifiers and of finding ids, which the model package limits to letters, digits and hyphens.
    var fileName: String {
        switch self {
        case .picture(let id): "picture-\(id)"
        case .preview(let id, let edge): "preview-\(id)-\(edge).jpg"
        case .samples(let id, let frame): "samples-\(id)-\(frame).gz"
        case .reception(let id): "reception-\(id)"
        case .reportSnapshot(let id): "snapshot-\(id).json"
        case .reportPicture(let id): "snapshot-\(id).jpg"
        case .report(let id, let format, let edition):
            "report-\(id)\(edition.isEmpty ? "" : "-\(edition)").\(format.rawValue)"
        }
    }

    init?(fileName: String) {
        let parts = fileName.split(separator: "-", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let rest = parts[1]
        let id = rest.prefix(36)
        let ending = String(rest.dropFirst(36))
        switch (parts[0], ending) {
        case ("picture", ""):
            guard let id = UploadID(id) else { return nil }
            self = .picture(id)
        case ("reception", ""):
            guard let id = ReceptionID(id) else { return nil }
            self = .reception(id)
        case ("preview", _):
            guard let id = UploadID(id), let edge = Self.number(in: ending, before: ".jpg") else { return nil }
            self = .preview(id, edge: edge)
        case ("samples", _):
            guard let id = UploadID(id), let frame = Self.number(in: ending, before: ".gz") else { return nil }
            self = .samples(id, frame: frame)
        case ("snapshot", ".json"):
            guard let id = ReportID(id) else { return nil }
            self = .reportSnapshot(id)
        case ("snapshot", ".jpg"):
            guard let id = ReportID(id) else { return nil }
            self = .reportPicture(id)
        case ("report", _):
            let parts = ending.split(separator: ".", omittingEmptySubsequences: false)
            guard let id = ReportID(id), parts.count == 2, let format = Report.Format(rawValue: String(parts[1])),
                parts[0].isEmpty || parts[0].hasPrefix("-")
            else { return nil }
            self = .report(id, format, edition: String(parts[0].dropFirst()))
        default:
            return nil
        }
    }

    /// The number in, for example, `-800.jpg`.
    private static func number(in ending: String, before suffix: String) -> Int? {
        guard ending.hasPrefix("-"), ending.hasSuffix(suffix) else { return nil }
        return Int(ending.dropFirst().dropLast(suffix.count))
    }
}
