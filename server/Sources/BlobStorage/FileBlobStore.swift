public import Domain
import Foundation
import Glibc
public import Workflows

/// Files in folders: one folder for each session, so that erasing one is removing its folder.
///
/// A file is written under a name that ends in `.part`, synced, renamed, and its folder synced: after a power cut it is
/// there whole or not at all.
public struct FileBlobStore: BlobStore {
    private let root: String

    /// - Parameter root: the folder for all sessions; made if it isn't there. Its parent must be there.
    public init(root: String) throws(Fault) {
        self.root = root
        try Disk.makeFolder(root)
    }

    public func begin(in session: SessionID) async throws(Fault) -> any BlobWriter {
        let folder = folder(session)
        let root = root
        let unfinished = "\(folder)/\(Identifier<BlobName>.make(at: .now)).part"
        let descriptor = try await Disk.run { () throws(Fault) -> Int32 in
            try Disk.makeFolder(folder)
            try Disk.syncFolder(root)
            return try Disk.open(unfinished, O_RDWR | O_CREAT | O_EXCL)
        }
        return FileBlobWriter(folder: folder, path: unfinished, descriptor: descriptor)
    }

    public func put(_ bytes: [UInt8], as name: BlobName, in session: SessionID) async throws(Fault) -> BlobDigest {
        let writer = try await begin(in: session)
        do throws(Fault) {
            try await writer.write(bytes)
            return try await writer.commit(as: name)
        } catch {
            await writer.abandon()
            throw error
        }
    }

    public func open(_ name: BlobName, in session: SessionID) async throws(Fault) -> OpenFile {
        let path = path(name, session)
        return try await Disk.run { () throws(Fault) -> OpenFile in
            try OpenFile(reading: try Disk.open(path, O_RDONLY))
        }
    }

    public func read(_ name: BlobName, in session: SessionID) async throws(Fault) -> [UInt8] {
        let file = try await open(name, in: session)
        return try await Disk.run { () throws(Fault) -> [UInt8] in try Disk.read(file.descriptor, size: file.size) }
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
        case .preview(let id): "preview-\(id).jpg"
        case .heatMap(let id, let finding):
            "heatmap-\(id)-\(finding.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }).png"
        case .report(let id): "report-\(id).pdf"
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
        case ("preview", ".jpg"):
            guard let id = UploadID(id) else { return nil }
            self = .preview(id)
        case ("report", ".pdf"):
            guard let id = ReportID(id) else { return nil }
            self = .report(id)
        case ("heatmap", _):
            guard let id = AnalysisID(id), ending.hasPrefix("-"), ending.hasSuffix(".png") else { return nil }
            self = .heatMap(id, finding: String(ending.dropFirst().dropLast(4)))
        default:
            return nil
        }
    }
}

extension OpenFile {
    /// Takes over an open descriptor and asks for its size.
    convenience init(reading descriptor: Int32) throws(Fault) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw Fault(errno: number, "fstat")
        }
        self.init(descriptor: descriptor, size: Int(status.st_size))
    }
}
