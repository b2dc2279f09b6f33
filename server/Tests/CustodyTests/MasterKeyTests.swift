import Custody
import Domain
import Foundation
import Testing

@Suite("The master key")
struct MasterKeyTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lightbox-\(UUID())")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    var path: String { folder.appending(path: "master.key").path }

    @Test("It is made once, for its owner only, and is the same ever after")
    func made() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try MasterKey.load(path)
        let first = try String(contentsOfFile: path, encoding: .utf8)
        #expect(Data(base64Encoded: first.trimmingCharacters(in: .newlines))?.count == 32)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        _ = try MasterKey.load(path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["master.key"])
    }

    @Test(
        "A file that others can read, or that holds anything else, is refused",
        arguments: [
            ("", 0o600), ("c2hvcnQ=\n", 0o600), ("not base64", 0o600),
            (Data(count: 32).base64EncodedString(), 0o640), (Data(count: 33).base64EncodedString(), 0o600),
        ])
    func refused(content: String, mode: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(content.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(throws: KeyFault.self) { try MasterKey.load(path) }
    }

    @Test("Its description names the file and no key")
    func described() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("secret".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect { try MasterKey.load(path) } throws: {
            let text = "\($0)"
            return text.contains(path) && !text.contains("secret")
        }
    }
}
