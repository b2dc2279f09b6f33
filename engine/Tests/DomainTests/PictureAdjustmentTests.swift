import Domain
import Foundation
import Testing

/// A small picture whose pixels are all different, to see where each one goes.
struct PixelGrid: Equatable {
    var width: Int
    var height: Int
    var pixels: [Int]

    static let sample = PixelGrid(width: 3, height: 2, pixels: [1, 2, 3, 4, 5, 6])

    private func made(_ width: Int, _ height: Int, from source: (Int, Int) -> (Int, Int)) -> PixelGrid {
        let places = (0..<height).flatMap { y in (0..<width).map { x in source(x, y) } }
        return PixelGrid(width: width, height: height, pixels: places.map { pixels[$0.1 * self.width + $0.0] })
    }

    /// A quarter clockwise: what was at the bottom left comes to the top left.
    private var turned: PixelGrid { made(height, width) { x, y in (y, height - 1 - x) } }
    private var mirrored: PixelGrid { made(width, height) { x, y in (width - 1 - x, y) } }

    func adjusted(by adjustment: PictureAdjustment) -> PixelGrid {
        var grid = self
        for _ in 0..<adjustment.turn / 90 { grid = grid.turned }
        if adjustment.mirror { grid = grid.mirrored }
        if adjustment.invert { grid.pixels = grid.pixels.map { -$0 } }
        return grid
    }
}

@Suite("What is done to a picture before it is analysed")
struct PictureAdjustmentTests {
    static let all = PictureAdjustment.turns.flatMap { turn in
        [false, true].flatMap { mirror in
            [false, true].map { PictureAdjustment(turn: turn, mirror: mirror, invert: $0) }
        }
    }

    @Test("Two adjustments in a row are one adjustment, pixel for pixel", arguments: all)
    func composition(first: PictureAdjustment) {
        for second in Self.all {
            #expect(
                PixelGrid.sample.adjusted(by: first).adjusted(by: second)
                    == PixelGrid.sample.adjusted(by: first.followed(by: second)), "\(first), \(second)")
        }
    }

    @Test("No two adjustments do the same, and none does nothing")
    func different() {
        #expect(Set(Self.all.map { PixelGrid.sample.adjusted(by: $0).description }).count == 16)
        #expect(PixelGrid.sample.adjusted(by: .none) == .sample)
    }

    @Test("A quarter turn is clockwise: the left edge comes to the top")
    func clockwise() {
        let turned = PixelGrid.sample.adjusted(by: .init(turn: 90))
        #expect(turned == PixelGrid(width: 2, height: 3, pixels: [4, 1, 5, 2, 6, 3]))
    }

    @Test("Each survives JSON, and what is left out isn't done", arguments: all)
    func json(adjustment: PictureAdjustment) throws {
        let data = try JSONEncoder().encode(adjustment)
        #expect(try JSONDecoder().decode(PictureAdjustment.self, from: data) == adjustment)
        let partial = Data(#"{"turn": \#(adjustment.turn)}"#.utf8)
        #expect(
            try JSONDecoder().decode(PictureAdjustment.self, from: partial) == PictureAdjustment(turn: adjustment.turn))
    }

    @Test("A turn that isn't by quarters is refused", arguments: ["45", "-90", "360", "1e9", "\"90\"", "90.5"])
    func otherTurns(turn: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(PictureAdjustment.self, from: Data(#"{"turn": \#(turn)}"#.utf8))
        }
    }
}

extension PixelGrid: CustomStringConvertible {
    var description: String { "\(width) × \(height): \(pixels)" }
}
