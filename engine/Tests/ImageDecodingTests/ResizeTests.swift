import Domain
import ImageDecoding
import Testing

@Suite struct ResizeTests {
    /// Made with Pillow 13: `Image.fromarray(a, "F").resize((tw, th), Image.BILINEAR)` of
    /// `a = ((37 x + 91 y + 3 x y) % 256) + 0.25`; the bit patterns of the results.
    struct Table: Sendable {
        var from: (Int, Int)
        var to: (Int, Int)
        var bits: [UInt32]
    }

    static let tables = [
        Table(
            from: (7, 5), to: (3, 2),
            bits: [
                0x42CA_DD17, 0x430A_B1A0, 0x430C_B45D, 0x42E4_0EF6, 0x4311_AAC8, 0x4309_7532,
            ]),
        Table(
            from: (5, 4), to: (8, 6),
            bits: [
                0x3E80_0000, 0x4183_8000, 0x421E_4000, 0x427A_C000, 0x42AB_A000, 0x42D9_E000, 0x4304_1000, 0x4314_4000,
                0x4237_0000, 0x427A_6000, 0x42AD_5000, 0x42DD_7000, 0x4306_C800, 0x431E_D800, 0x4336_E800, 0x4347_C000,
                0x42D4_D555, 0x42F8_4555, 0x4312_C800, 0x4311_6D55, 0x431D_6800, 0x4336_B800, 0x4350_0800, 0x4361_C000,
                0x4327_1555, 0x4339_AD55, 0x4346_E800, 0x42B8_4555, 0x4250_2000, 0x429D_3000, 0x42D2_5000, 0x42F7_8000,
                0x42C7_8000, 0x42EE_7000, 0x430B_0800, 0x42AD_B000, 0x4295_5000, 0x42CC_F000, 0x4302_4800, 0x4315_C000,
                0x418A_0000, 0x4215_8000, 0x4284_4000, 0x42BD_C000, 0x42F7_4000, 0x4318_6000, 0x4335_2000, 0x4349_4000,
            ]),
        Table(
            from: (10, 3), to: (4, 3),
            bits: [
                0x4215_0000, 0x42F0_428F, 0x4317_EE14, 0x424F_8BA3, 0x4303_4000, 0x433E_2148, 0x42C0_BD71, 0x431B_4000,
                0x431B_6E8C, 0x4297_9EB8, 0x4323_B0A4, 0x42A8_22E9,
            ]),
        Table(
            from: (3, 9), to: (3, 4),
            bits: [
                0x4297_4CCD, 0x42E6_457C, 0x42CE_D7C5, 0x42B6_B1F4, 0x4308_E896, 0x42D7_15DB, 0x42FA_4E0C, 0x4331_976A,
                0x42F7_C4AF, 0x430C_D99A, 0x42D0_8EA1, 0x4322_CAF9,
            ]),
        Table(
            from: (33, 17), to: (5, 3),
            bits: [
                0x4305_4672, 0x42FC_2EFE, 0x42F1_80F2, 0x42F1_286C, 0x42FA_D97B, 0x4304_7A50, 0x4308_B814, 0x42FD_A946,
                0x42F8_185B, 0x4302_38D8, 0x4304_695C, 0x4301_95D7, 0x4300_2CA1, 0x42FD_2A71, 0x4309_700F,
            ]),
    ]

    static func pattern(_ width: Int, _ height: Int) -> [Float] {
        (0..<width * height).map { place in
            let (x, y) = (place % width, place / width)
            let value = x * 37 + y * 91 + x * y * 3
            return Float(value % 256) + 0.25
        }
    }

    @Test("Every result is within a ten-thousandth of a grey of what Pillow gives", arguments: tables)
    func pillow(_ table: Table) {
        let found = Resize.triangle(
            Self.pattern(table.from.0, table.from.1), width: table.from.0, height: table.from.1, toWidth: table.to.0,
            toHeight: table.to.1, fit: .stretch)
        let wanted = table.bits.map { Float(bitPattern: $0) }
        #expect(found.count == wanted.count)
        let worst = zip(found, wanted).map { abs($0 - $1) }.max() ?? 255
        #expect(worst < 0.0001)
    }

    @Test("The same size is the same picture")
    func identity() {
        let grey = Self.pattern(9, 7)
        #expect(Resize.triangle(grey, width: 9, height: 7, toWidth: 9, toHeight: 7, fit: .stretch) == grey)
    }

    @Test("Padding keeps the shape and centres it on black")
    func pad() {
        let white = [Float](repeating: 200, count: 8 * 4)
        let wide = Resize.triangle(white, width: 8, height: 4, toWidth: 4, toHeight: 4, fit: .pad)
        let rows = (0..<4).map { wide[$0 * 4] }
        #expect(rows == [0, 200, 200, 0])
        let tall = Resize.triangle(white, width: 4, height: 8, toWidth: 4, toHeight: 4, fit: .pad)
        #expect(Array(tall[0..<4]) == [0, 200, 200, 0])
    }

    @Test("Cropping takes the centre")
    func crop() {
        let columns = (0..<4).flatMap { _ in (0..<8).map { Float($0) } }
        let found = Resize.triangle(columns, width: 8, height: 4, toWidth: 4, toHeight: 4, fit: .crop)
        #expect(Array(found[0..<4]) == [2, 3, 4, 5])
    }

    @Test("One pixel can become many, and many one")
    func extremes() {
        #expect(
            Resize.triangle([7], width: 1, height: 1, toWidth: 3, toHeight: 2, fit: .stretch) == [7, 7, 7, 7, 7, 7])
        let even = [Float](repeating: 3, count: 1000)
        #expect(Resize.triangle(even, width: 1000, height: 1, toWidth: 1, toHeight: 1, fit: .stretch) == [3])
    }
}
