import Domain
import Foundation
import Glibc
import Workflows

/// Small files that were written as a whole, open until they are synced.
final class SmallFiles: Sendable {
    let descriptors: [Int32]

    /// Writes and renames them. It blocks.
    init(_ files: [NamedBytes], in folder: String, _ key: DataKey) throws(Fault) {
        var descriptors: [Int32] = []
        for file in files {
            // A name of its own: two that make the same file at the same time don't meet.
            let draft = "\(folder)/\(Identifier<BlobName>.make(at: .now)).part"
            do throws(Fault) {
                descriptors.append(try Disk.open(draft, O_WRONLY | O_CREAT | O_EXCL))
                try Disk.write(Self.sealed(file, key), to: descriptors[descriptors.count - 1])
                try Disk.rename(draft, "\(folder)/\(file.name.fileName)")
            } catch {
                unlink(draft)
                for descriptor in descriptors { close(descriptor) }
                throw error
            }
        }
        self.descriptors = descriptors
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    private static func sealed(_ file: NamedBytes, _ key: DataKey) -> [UInt8] {
        let (bytes, seal) = (file.bytes, FileSeal(key))
        var sealed = seal.header(named: file.name.fileName)
        let chunks = max(1, (bytes.count + FileSeal.chunkBytes - 1) / FileSeal.chunkBytes)
        for chunk in 0..<chunks {
            let range = chunk * FileSeal.chunkBytes..<min(bytes.count, (chunk + 1) * FileSeal.chunkBytes)
            sealed += seal.seal(bytes[range], chunk: chunk, isLast: chunk == chunks - 1)
        }
        return sealed
    }
}
