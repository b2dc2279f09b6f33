import Multipart
import Testing

/// Forms of the kind that have brought servers down: those of multer (CVE-2025-47944, CVE-2025-48997, CVE-2025-7338) and
/// their relatives. Each is refused by name, or read exactly as RFC 7578 says; in one piece and byte by byte.
@Suite("Forms that are meant to hurt")
struct HostileFormTests {
    typealias Piece = MultipartParserTests.Piece

    struct Refused: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var body: String
        var code: MultipartError.Code

        init(_ name: String, _ body: String, _ code: MultipartError.Code) {
            testDescription = name
            self.body = body
            self.code = code
        }
    }

    private static func part(_ disposition: String, _ data: String = "x") -> String {
        "--b\r\nContent-Disposition: form-data; \(disposition)\r\n\r\n\(data)\r\n"
    }
    private static let named = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n"
    private static let end = "--b--\r\n"

    static let refused: [Refused] = [
        Refused("an empty field name", part("name=\"\"") + end, .noName),
        Refused("an empty field name of a file", part("name=\"\"; filename=\"a.png\"") + end, .noName),
        Refused("no field name", part("filename=\"a.png\"") + end, .noName),
        Refused("the last boundary right behind a header", named + end, .badBoundary),
        Refused("a boundary right behind a header", named + part("name=\"b\"") + end, .badBoundary),
        Refused("the last boundary instead of headers", "--b\r\n" + end, .badBoundary),
        Refused("a boundary that is cut", part("name=\"a\"") + "--", .cutShort),
        Refused("a last boundary with one hyphen", part("name=\"a\"") + "--b-", .cutShort),
        Refused("a last boundary with one hyphen and more", part("name=\"a\"") + "--b-\r\n", .badBoundary),
        Refused("no last boundary", part("name=\"a\""), .cutShort),
        Refused("thousands of tiny parts", String(repeating: part("name=\"a\"", ""), count: 5000) + end, .tooMany),
        Refused("hundreds of headers", named + String(repeating: "X: y\r\n", count: 500) + "\r\n\r\n" + end, .tooMany),
        Refused("a header without a colon", "--b\r\nContent-Disposition form-data\r\n\r\nx\r\n" + end, .badHeader),
        Refused("a header that goes on in the next line", named + " folded: y\r\n\r\nx\r\n" + end, .badHeader),
        Refused("no blank line before the data", named + "data\r\n" + end, .badHeader),
        Refused("no blank line before data like a header", named + "X: data\r\n" + end, .badBoundary),
        Refused("lines that end in LF", "--b\nContent-Disposition: form-data; name=\"a\"\n\nx\n--b--\n", .badBoundary),
        Refused("headers that end in LF", "--b\r\nContent-Disposition: form-data; name=a\n\nx\r\n" + end, .badHeader),
        Refused("a boundary behind a bare LF", named + "\r\nx\n--b--\n", .cutShort),
        Refused("a boundary that goes on", named + "\r\nx\r\n--bb\r\n" + end, .badBoundary),
        Refused("two file names", part("name=\"a\"; filename=\"a.png\"; filename=\"b.php\"") + end, .badHeader),
        Refused("two field names", part("name=\"a\"; name=\"file\"") + end, .badHeader),
        Refused("two dispositions", named + "content-disposition: form-data; name=b\r\n\r\nx\r\n" + end, .badHeader),
        Refused("NUL in a field name", part("name=\"a\0\"") + end, .badHeader),
        Refused("NUL in a file name", part("name=\"a\"; filename=\"a.png\0.php\"") + end, .badHeader),
        Refused("NUL in a header's name", "--b\r\nContent\0: x\r\n\r\nx\r\n" + end, .badHeader),
        Refused("a quote that isn't closed", part("name=\"a") + end, .badHeader),
        Refused("a parameter without a value", part("name") + end, .badHeader),
        Refused("a transfer encoding", named + "Content-Transfer-Encoding: base64\r\n\r\neA==\r\n" + end, .badHeader),
        Refused("an endless header", named + "X: " + String(repeating: "y", count: 1 << 20), .tooLong),
        Refused("an endless preamble", String(repeating: "\r\n--", count: 1 << 16), .tooLong),
        Refused("an endless epilogue", part("name=a") + end + String(repeating: "\r\n--b", count: 5000), .tooLong),
        Refused("blanks without end behind a boundary", "--b" + String(repeating: " ", count: 5000), .badBoundary),
    ]

    @Test("It is refused", arguments: refused)
    func refuses(_ form: Refused) {
        let bytes = Array(form.body.utf8)
        for chunks in [[bytes], bytes.map { [$0] }] {
            guard case .failure(let error) = MultipartParserTests.parse(chunks) else {
                Issue.record("it was read")
                continue
            }
            #expect(error.code == form.code)
        }
    }

    struct Read: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var boundary = "boundary"
        var body: String
        var pieces: [Piece]
    }

    private static func form(_ head: String, _ data: String) -> String {
        "--boundary\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(data)\r\n--boundary--\r\n"
    }

    private static func plain(_ data: String) -> [Piece] {
        [.began("a", fileName: nil, contentType: nil), .data(Array(data.utf8)), .ended]
    }

    /// What looks like an attack, or like a boundary, and is none.
    static let harmless = [
        "\r\n--boundar", "\r\n--boundar\r\n--bound\r\n--", "\r\n\r\n\r\n--\r\n", "\r\r\n--boundar\ry", "--boundary--",
        "\n--boundary--\n", "\r--boundary--", "\r\n-\r\n--boundarY--", "x\0y",
        "--c\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nz\r\n--c--",
    ].map { Read(testDescription: $0.debugDescription, body: form("name=\"a\"", $0), pieces: plain($0)) }

    static let odd: [Read] = [
        Read(
            testDescription: "a form inside a part",
            body: form("name=\"a\"\r\nContent-Type: multipart/mixed; boundary=c", "--c\r\n\r\nz\r\n--c--"),
            pieces: [
                .began("a", fileName: nil, contentType: "multipart/mixed; boundary=c"),
                .data(Array("--c\r\n\r\nz\r\n--c--".utf8)), .ended,
            ]),
        Read(
            testDescription: "a path, quotes and percent forms in names",
            body: form("name=\"__proto__\"; filename=\"..\\..\\%22a\\\"%0D%0A%00.png\"", "x"),
            pieces: [
                .began("__proto__", fileName: "..\\..\\\"a\"\r\n%00.png", contentType: nil), .data(Array("x".utf8)),
                .ended,
            ]),
        Read(
            testDescription: "a boundary of 70 characters", boundary: String(repeating: "b", count: 70),
            body: form("name=\"a\"", "x").replacing("boundary", with: String(repeating: "b", count: 70)),
            pieces: plain("x")),
        Read(
            testDescription: "filename* beside filename", body: form("name=\"a\"; filename=b; filename*=UTF-8''c", "x"),
            pieces: [.began("a", fileName: "b", contentType: nil), .data(Array("x".utf8)), .ended]),
    ]

    @Test("It is read as it stands", arguments: harmless + odd)
    func reads(_ form: Read) {
        let bytes = Array(form.body.utf8)
        for chunks in [[bytes], bytes.map { [$0] }] {
            #expect(MultipartParserTests.parse(chunks, boundary: form.boundary) == .success(form.pieces))
        }
    }

    @Test("A boundary that isn't allowed is refused before the body", arguments: [71, 72, 1000, 100_000])
    func longBoundary(length: Int) throws {
        let boundary = String(repeating: "b", count: length)
        do {
            _ = try MultipartBoundary.parse(contentType: "multipart/form-data; boundary=\(boundary)")
            Issue.record("it was taken")
        } catch { #expect(error.code == .noBoundary) }
        do {
            _ = try MultipartParser(boundary: boundary)
            Issue.record("it was taken")
        } catch { #expect(error.code == .noBoundary) }
    }
}
