import Foundation

/// Letters of a classic 5 by 7 pixel alphabet, enlarged, on a drawn film.
enum DrawnText {
    /// Rows from the top, five bits each, as far as the tests need them.
    private static let glyphs: [Character: [UInt8]] = [
        "S": [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        "M": [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
        "I": [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        "T": [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
        "H": [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        "J": [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100],
        "O": [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        "N": [0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001, 0b10001],
        "L": [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
    ]

    struct Writing {
        var text: String
        /// Of the top left corner.
        var x: Int
        var y: Int
        /// Pixels of one dot of the alphabet: letters are seven times as tall.
        var scale: Int
        var grey: Float
    }

    /// A body with two lungs, ribs and grain, and letters on it.
    static func film(width: Int, height: Int, _ writings: Writing...) -> [Float] {
        var film = [Float](repeating: 0, count: width * height)
        for y in 0..<height {
            let v = Double(y) / Double(height)
            for x in 0..<width {
                let u = Double(x) / Double(width)
                let isLung = [0.3, 0.7].contains { centre in
                    let (across, down) = ((u - centre) / 0.17, (v - 0.47) / 0.33)
                    return across * across + down * down < 1
                }
                let rib = 24 * sin(v * 60 + abs(u - 0.5) * 8)
                let grain = Double((x &* 7919 &+ y &* 104_729) >> 3 & 15)
                film[y * width + x] = Float((isLung ? 60 + rib : 140 + rib / 3) + grain)
            }
        }
        for writing in writings { write(writing, on: &film, width: width) }
        return film
    }

    /// Whether a point of the unit square, from its top left, is on a letter R of even strokes.
    private static func isOnR(_ x: Double, _ y: Double) -> Bool {
        let isStem = x < 0.16
        let isBowl =
            (x < 0.4 && (y < 0.13 || abs(y - 0.51) < 0.065))
            || (x >= 0.4 && abs(((x - 0.4) * (x - 0.4) + (y - 0.285) * (y - 0.285)).squareRoot() - 0.22) < 0.07)
        let isLeg = y > 0.5 && abs(x - 0.3 - (y - 0.5) * 0.7) < 0.09
        return isStem || isBowl || isLeg
    }

    /// A letter R with soft edges.
    static func addR(to film: inout [Float], width: Int, x left: Int, y top: Int, height: Int, grey: Float) {
        for row in 0..<height {
            for column in 0..<height {
                var covered = 0
                for part in 0..<16 {
                    let x = (Double(column) + (Double(part % 4) + 0.5) / 4) / Double(height)
                    let y = (Double(row) + (Double(part / 4) + 0.5) / 4) / Double(height)
                    if isOnR(x, y) { covered += 1 }
                }
                let index = (top + row) * width + left + column
                film[index] += (grey - film[index]) * Float(covered) / 16
            }
        }
    }

    private static func write(_ writing: Writing, on film: inout [Float], width: Int) {
        for (place, letter) in writing.text.enumerated() {
            guard let rows = glyphs[letter] else { continue }
            for (row, bits) in rows.enumerated() {
                for column in 0..<5 where bits & (0b10000 >> UInt8(column)) != 0 {
                    for y in 0..<writing.scale {
                        let start =
                            (writing.y + row * writing.scale + y) * width + writing.x
                            + (place * 6 + column) * writing.scale
                        for x in start..<start + writing.scale { film[x] = writing.grey }
                    }
                }
            }
        }
    }
}
