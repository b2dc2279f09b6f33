import Domain
import Foundation
import ImageDecoding
import Testing
import TextReading

@Suite("Letters in films", .serialized)
struct TextReaderTests {
    let reader: TextReader

    init() throws {
        reader = try #require(TextReader(dataFolder: ""))
    }

    func read(_ grey: [Float], width: Int, height: Int) throws -> BurnedInText {
        let size = TextReader.searchedSize(width: width, height: height)
        let searched = Resize.triangle(
            grey, width: width, height: height, toWidth: size.width, toHeight: size.height, fit: .stretch)
        return try #require(reader.read(searched, width: size.width, height: size.height))
    }

    @Test("A name is found where it stands, bright and dark, small and large", arguments: [3, 5, 9], [Float(255), 0])
    func name(scale: Int, grey: Float) throws {
        let (width, height) = (2000, 1600)
        let found = try read(
            DrawnText.film(
                width: width, height: height,
                DrawnText.Writing(text: "SMITH JOHN", x: 100, y: 80, scale: scale, grey: grey)),
            width: width, height: height)
        #expect(found.lines.count == 1 && found.sideMarkers.isEmpty)
        let line = try #require(found.lines.first)
        #expect(line.text.contains("SMITH") || line.text.contains("JOHN"))
        #expect(line.confidence >= 0.6 && line.confidence <= 1)
        #expect(abs(line.x - 0.05) < 0.06 && abs(line.y - 0.05) < 0.01)
        #expect(line.x >= 0 && line.x + line.width <= 1 && line.y >= 0 && line.y + line.height <= 1)
    }

    @Test("A lone L or R is a side marker and no line", arguments: ["L", "R"])
    func markers(letter: String) throws {
        let (width, height) = (1500, 1200)
        var film = DrawnText.film(width: width, height: height)
        if letter == "R" {
            DrawnText.addR(to: &film, width: width, x: 1300, y: 200, height: 60, grey: 255)
        } else {
            film = DrawnText.film(
                width: width, height: height, DrawnText.Writing(text: letter, x: 1300, y: 200, scale: 8, grey: 255))
        }
        let found = try read(film, width: width, height: height)
        #expect(found.lines.isEmpty)
        #expect(found.sideMarkers.map(\.text) == [letter])
        #expect(abs((found.sideMarkers.first?.x ?? 0) - 1300.0 / 1500) < 0.01)
    }

    @Test("A film without letters gives none, nor do noise, a grating, one grey and one pixel")
    func clean() throws {
        #expect(try read(DrawnText.film(width: 2000, height: 1600), width: 2000, height: 1600).isEmpty)
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<600 * 500).map { _ in Float.random(in: 0...255, using: &generator) }
        #expect(try read(noise, width: 600, height: 500).lines.isEmpty)
        var grating: [Float] = []
        for y in 0..<900 {
            for x in 0..<1200 { grating.append((x / 8 + y / 12).isMultiple(of: 2) ? 0 : 255) }
        }
        #expect(try read(grating, width: 1200, height: 900).lines.isEmpty)
        #expect(try read([Float](repeating: 90, count: 800 * 700), width: 800, height: 700).isEmpty)
        #expect(try read([255], width: 1, height: 1).isEmpty)
        #expect(try read([Float](repeating: .nan, count: 64 * 64), width: 64, height: 64).isEmpty)
    }

    @Test("Without its data there is no reader")
    func noData() {
        #expect(TextReader(dataFolder: "/nonexistent") == nil)
    }

    @Test(
        "Words for a side are told from other words",
        arguments: [
            ("L", true), ("R", true), ("l.", true), ("(R)", true), ("LEFT", true), ("Right", true), ("RL", false),
            ("LEFTY", false), ("", false), ("L 1", false), ("PA", false),
        ])
    func sides(text: String, isSide: Bool) {
        #expect(BurnedInText.isSideMarker(text) == isSide)
    }
}

extension BurnedInText {
    fileprivate var isEmpty: Bool { lines.isEmpty && sideMarkers.isEmpty }
}
