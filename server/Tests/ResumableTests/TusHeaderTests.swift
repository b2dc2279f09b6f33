import Foundation
import Resumable
import Testing

@Suite("The headers of tus")
struct TusHeaderTests {
    @Test("Numbers are digits and nothing else", arguments: ["0", "007", "123456789012345678"])
    func numbers(text: String) throws {
        #expect(try TusNumber.parse(text, of: "Upload-Length") == Int(text))
    }

    @Test(
        "What isn't a number of at least 0 is refused, with the header's name",
        arguments: [nil, "", "-1", "+1", " 1", "1.0", "0x10", "١", "1234567890123456789"])
    func noNumbers(text: String?) {
        #expect { try TusNumber.parse(text, of: "Upload-Offset") } throws: {
            ($0 as? TusError)?.code == .badNumber && ($0 as? TusError)?.header == "Upload-Offset"
        }
    }

    @Test("Metadata are pairs; a key may stand alone")
    func metadata() throws {
        let name = Data("Röntgen 1.png".utf8).base64EncodedString()
        let metadata = try UploadMetadata("filename \(name),filetype aW1hZ2UvcG5n,is_confidential")
        #expect(metadata.text("filename") == "Röntgen 1.png")
        #expect(metadata.text("filetype") == "image/png")
        #expect(metadata.values["is_confidential"] == [])
        #expect(metadata.text("other") == nil)
        #expect(try UploadMetadata(nil).values.isEmpty && UploadMetadata("").values.isEmpty)
        #expect(try UploadMetadata("name gICA").text("name") == nil, "not UTF-8")
    }

    @Test(
        "Metadata of another form are refused",
        arguments: [
            ",", "a YQ==,", "a YQ==,a YQ==", "a YQ", "a Y===", "a YR==", "a YQ== b", "ä YQ==", "a Y Q==", "a ????",
            String(repeating: "a", count: 5000), (0..<33).map { "k\($0)" }.joined(separator: ","),
        ])
    func badMetadata(text: String) {
        #expect { try UploadMetadata(text) } throws: { ($0 as? TusError)?.code == .badMetadata }
    }

    @Test("A checksum is an algorithm and a digest of its length")
    func checksum() throws {
        let digest = [UInt8](repeating: 7, count: 20)
        let checksum = try UploadChecksum("sha1 \(Data(digest).base64EncodedString())")
        #expect(checksum.algorithm == .sha1 && checksum.digest == digest)
        #expect(try UploadChecksum("SHA256 \(Data(count: 32).base64EncodedString())").algorithm == .sha256)
    }

    @Test(
        "Other checksums are refused",
        arguments: [
            ("", TusError.Code.badChecksum), ("sha1", .badChecksum), ("sha1 AAAA", .badChecksum),
            ("crc32 AAAAAA==", .unknownAlgorithm), ("sha1 ", .badChecksum), ("sha1 a b", .badChecksum),
            ("md5 AAAAAAAAAAAAAAAAAAAAAA==" + String(repeating: " ", count: 300) + "x", .badChecksum),
        ])
    func badChecksum(text: String, code: TusError.Code) {
        #expect { try UploadChecksum(text) } throws: { ($0 as? TusError)?.code == code }
    }

    @Test("Base64 is read as Foundation reads it, for every length")
    func base64() throws {
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ length) }
            let text = Data(bytes).base64EncodedString()
            #expect(try UploadMetadata("k \(text)").values["k"] == bytes)
        }
    }
}
