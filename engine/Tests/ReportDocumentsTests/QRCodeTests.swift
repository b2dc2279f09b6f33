import Testing

@testable import ReportDocuments

@Suite("QR codes")
struct QRCodeTests {
    @Test(
        "Are as large as their text needs, with a finder in three corners",
        arguments: [(1, 21), (14, 21), (15, 25), (311, 69), (2331, 177)])
    func size(length: Int, width: Int) throws {
        let text = String(repeating: "é", count: length / 2) + String(repeating: "a", count: length % 2)
        let modules = try QRCode.modules(text)
        #expect(modules.count == width && modules.allSatisfy { $0.count == width })
        let finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
            .map { $0.map { $0 == "1" } }
        for (top, left) in [(0, 0), (0, width - 7), (width - 7, 0)] {
            #expect((0..<7).map { Array(modules[top + $0][left..<left + 7]) } == finder)
        }
    }

    // ISO/IEC 18004, section 7.9: the first two bits of the format, whose mask is 10, are 00 for level M.
    @Test("Have error correction of level M")
    func level() throws {
        let modules = try QRCode.modules("LBX1.abc")
        #expect([modules[8][0], modules[8][1]] == [true, false])
    }

    @Test("Differ with the text, and are the same for the same")
    func same() throws {
        #expect(try QRCode.modules("a") == QRCode.modules("a"))
        #expect(try QRCode.modules("a") != QRCode.modules("b"))
    }

    @Test("A text that doesn't fit is refused")
    func refused() {
        for text in ["", "a\0b", String(repeating: "a", count: 2332)] {
            #expect(throws: QRCodeFault.self) { try QRCode.modules(text) }
        }
    }
}
