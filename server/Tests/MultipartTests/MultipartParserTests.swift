import Multipart
import Testing

@Suite("The multipart parser")
struct MultipartParserTests {
    /// Events with data joined, so that they don't depend on how the body was cut.
    enum Piece: Equatable {
        case began(String, fileName: String?, contentType: String?)
        case data([UInt8])
        case ended
    }

    static func parse(_ chunks: [[UInt8]], boundary: String = "b") -> Result<[Piece], MultipartError> {
        do throws(MultipartError) {
            var parser = try MultipartParser(boundary: boundary)
            var pieces: [Piece] = []
            for chunk in chunks {
                for event in try parser.feed(chunk) {
                    switch event {
                    case .partBegan(let part):
                        pieces.append(.began(part.name, fileName: part.fileName, contentType: part.contentType))
                    case .data(let bytes):
                        if case .data(let before)? = pieces.last {
                            pieces[pieces.count - 1] = .data(before + bytes)
                        } else {
                            pieces.append(.data(Array(bytes)))
                        }
                    case .partEnded: pieces.append(.ended)
                    }
                }
            }
            try parser.finish()
            return .success(pieces)
        } catch {
            return .failure(error)
        }
    }

    static let form =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".png\"\r\nContent-Type: image/png\r\n\r\n"
        + "one\r\n--x\r\n-\r\n--b \t\r\ncontent-disposition: form-data; name=other\r\n\r\n\r\n--b--\r\nafter"
    static let pieces: [Piece] = [
        .began("file", fileName: "a \"b\".png", contentType: "image/png"), .data(Array("one\r\n--x\r\n-".utf8)), .ended,
        .began("other", fileName: nil, contentType: nil), .ended,
    ]

    @Test("A form with a file and an empty field is read")
    func reads() {
        #expect(Self.parse([Array(Self.form.utf8)]) == .success(Self.pieces))
    }

    @Test("Where the body is cut changes nothing")
    func anyCut() {
        let bytes = Array(Self.form.utf8)
        for cut in bytes.indices {
            #expect(Self.parse([Array(bytes[..<cut]), Array(bytes[cut...])]) == .success(Self.pieces), "cut at \(cut)")
        }
        #expect(Self.parse(bytes.map { [$0] }) == .success(Self.pieces))
    }

    @Test(
        "A body that isn't well-formed is refused",
        arguments: [
            ("", MultipartError.Code.cutShort),
            ("--b", .cutShort),
            ("--b\r\n", .cutShort),
            ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ndata", .cutShort),
            ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ndata\r\n--b", .cutShort),
            ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n--b--", .cutShort),
            ("--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n--b--", .noName),
            ("--b\r\nContent-Disposition: form-data\r\n\r\n\r\n--b--", .noName),
            ("--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n\r\n--b--", .badHeader),
            ("--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--b--", .badHeader),
            ("--b\r\nX: y\r\n\r\n\r\n--b--", .badHeader),
            ("--b\r\n: y\r\n\r\n\r\n--b--", .badHeader),
            ("--b\r\n\r\n\r\n--b--", .badHeader),
            ("--bx\r\n\r\n", .badBoundary),
            ("--b\nContent-Disposition: form-data; name=a\n\nx\n--b--", .badBoundary),
        ])
    func refuses(body: String, code: MultipartError.Code) {
        let result = Self.parse([Array(body.utf8)])
        #expect(throws: MultipartError.self) { try result.get() }
        if case .failure(let error) = result { #expect(error.code == code) }
    }

    @Test("Headers, parts and what stands around them have a limit")
    func limits() {
        let long =
            "--b\r\nContent-Disposition: form-data; name=\"\(String(repeating: "a", count: 9000))\"\r\n\r\n\r\n--b--"
        let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"
        let cases: [(String, MultipartError.Code)] = [
            (long, .tooLong), (String(repeating: part, count: 65) + "--b--", .tooMany),
            (String(repeating: "x", count: 5000) + "\r\n--b--", .tooLong),
            (part + "--b--\r\n" + String(repeating: "x", count: 5000), .tooLong),
            (part + "--b--x", .badBoundary),
        ]
        for (body, code) in cases {
            guard case .failure(let error) = Self.parse([Array(body.utf8)]) else {
                Issue.record("\(code) was expected")
                continue
            }
            #expect(error.code == code)
        }
    }

    @Test("Damaged bodies never crash, and cutting them changes nothing")
    func damaged() {
        var generator = SplitMix(state: 7)
        for _ in 0..<3000 {
            var bytes = Array(Self.form.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes[index] = [13, 10, 45, 98, 0, 34].randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: index)
                default: bytes.insert(contentsOf: bytes[index...].prefix(7), at: index)
                }
            }
            let cut = Int.random(in: bytes.indices, using: &generator)
            #expect(Self.parse([bytes]) == Self.parse([Array(bytes[..<cut]), Array(bytes[cut...])]))
        }
    }

    @Test(
        "The boundary is found in the content type",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"), ("multipart/form-data; boundary=\"a b:c\"", "a b:c"),
            (
                "multipart/form-data; charset=utf-8; Boundary=----WebKitFormBoundary7MA4YWxk",
                "----WebKitFormBoundary7MA4YWxk"
            ),
        ])
    func boundary(header: String, boundary: String) throws {
        #expect(try MultipartBoundary.parse(contentType: header) == boundary)
    }

    @Test(
        "A content type without a valid boundary is refused",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a",
            "multipart/form-data; boundary=ä", "multipart/form-data; boundary=" + String(repeating: "a", count: 71),
        ])
    func noBoundary(header: String) {
        #expect(throws: MultipartError.self) { try MultipartBoundary.parse(contentType: header) }
    }
}

/// Random numbers that are the same in every run. Source: Steele et al., "Fast splittable pseudorandom number
/// generators", 2014.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
