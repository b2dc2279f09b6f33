import Domain
import Foundation
import Testing

@Suite("Names of things")
struct IdentifierTests {
    @Test("An identifier is a UUID of version 7 that carries its time")
    func version7() throws {
        let id = UploadID.make(at: Date(timeIntervalSince1970: 1_645_557_742))
        let text = id.description
        // The time of the example in RFC 9562, appendix A.6.
        #expect(text.hasPrefix("017f22e2-79b0-7"))
        #expect("89ab".contains(text[text.index(text.startIndex, offsetBy: 19)]))
        #expect(UploadID(text) == id)
        #expect(UploadID(text.uppercased()) == id)
    }

    @Test("They are written and read as Foundation writes and reads UUIDs")
    func foundation() throws {
        for _ in 0..<1000 {
            let uuid = UUID()
            #expect(UploadID(uuid: uuid).description == uuid.uuidString.lowercased())
            #expect(UploadID(uuid.uuidString)?.uuid == uuid)
            #expect(UploadID(" \(uuid) ".dropFirst().dropLast())?.uuid == uuid)
        }
    }

    @Test("Ten thousand identifiers of one moment are all different")
    func random() {
        let now = Date(timeIntervalSince1970: 0)
        #expect(Set((0..<10_000).map { _ in UploadID.make(at: now) }).count == 10_000)
    }

    @Test(
        "Anything else is no identifier",
        arguments: [
            "", "x", "../../etc/passwd", "017f22e2-79b0-7000-8000-00000000000", "017f22e279b0700080000000000000001234",
            "017f22e2-79b0-7000-80000-00000000000", "017f22e2-79b0-7000-8000-00000000000g",
            "017f22e2-79b0-7000-8000-0000000000 0", "017f22e2-79b0-7000-8000-0000000000é",
        ])
    func noIdentifier(text: String) {
        #expect(UploadID(text) == nil)
    }

    @Test(
        "A file name is shown without its folders and without control characters",
        arguments: [
            ("a.png", "a.png"), ("../../etc/passwd", "passwd"), ("C:\\Users\\me\\x.dcm", "x.dcm"),
            ("<script>.png", "<script>.png"),
            ("a\u{202e}gnp.exe\r\n", "agnp.exe"), ("..", "f"), ("", "f"), ("/", "f"), ("  ", "f"),
            ("Röntgen 1.jpg", "Röntgen 1.jpg"),
        ])
    func fileNames(name: String, shown: String) {
        #expect(FileName.display(name, fallback: "f") == shown)
        #expect(FileName.display(nil, fallback: "f") == "f")
        #expect(FileName.display(String(repeating: "x", count: 999), fallback: "f").count == FileName.longest)
    }
}
