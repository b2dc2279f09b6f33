internal import CTextReading
public import Domain

/// Finds letters that are burned into films: names, dates, side markers.
///
/// Tesseract alone takes ribs for letters and seconds for a film. So first what is narrow and stands out sharply is taken
/// out of the picture, bright on dark and dark on bright; what has the size of letters and stands in rows is drawn clean
/// and black on white, and that is what Tesseract reads. A film without such rows costs no recognition.
///
/// Runs in the sandboxed worker: after ``warmUp()`` nothing here opens a file, and at no time is a thread started.
public final class TextReader {
    private let recogniser: OpaquePointer

    /// Longest edge in pixels at which pictures are searched: letters of 20 pixels on a film of 2500 are still legible.
    public static let longestEdge = 1800
    /// Smaller pictures are searched at twice their size.
    private static let smallEdge = 1000
    /// Strokes are narrower, in pixels of the searched picture.
    private static let widestStroke = 25
    /// Most lone shapes of one polarity that are looked at for a side marker.
    private static let mostAlone = 12

    /// - Parameter dataFolder: the folder that holds `eng.traineddata`; empty for the one that Tesseract was built with.
    /// - Returns: nil where the data is missing.
    public init?(dataFolder: String) {
        guard let opened = dataFolder.isEmpty ? lb_text_open(nil) : lb_text_open(dataFolder) else { return nil }
        recogniser = opened
    }

    deinit {
        lb_text_close(recogniser)
    }

    /// Recognises letters and none once, so that what Tesseract loads on first use is there.
    /// - Returns: false where it did not come to its end.
    public func warmUp() -> Bool {
        var canvas = GreyPlane(width: 200, height: 60, pixels: [UInt8](repeating: 255, count: 200 * 60))
        guard recognise(canvas, isOneLetter: false) != nil else { return false }
        for left in stride(from: 20, to: 180, by: 16) {
            for y in 16..<44 { for x in left..<left + 4 { canvas.pixels[y * 200 + x] = 0 } }
            for x in left..<left + 12 { canvas.pixels[43 * 200 + x] = 0 }
        }
        return recognise(canvas, isOneLetter: false) != nil && recognise(canvas, isOneLetter: true) != nil
    }

    /// The size at which a picture is to be given to ``read(_:width:height:)``.
    public static func searchedSize(width: Int, height: Int) -> (width: Int, height: Int) {
        let edge = max(width, height)
        if edge < smallEdge { return (width * 2, height * 2) }
        guard edge > longestEdge else { return (width, height) }
        return (max(1, width * longestEdge / edge), max(1, height * longestEdge / edge))
    }

    /// Searches a picture.
    ///
    /// - Parameter grey: 0...255, `width * height` values of the size that ``searchedSize(width:height:)`` asks for.
    /// - Returns: nil where recognition did not come to its end. The time is not filled in.
    public func read(_ grey: [Float], width: Int, height: Int) -> BurnedInText? {
        let bright = GreyPlane(
            width: width, height: height, pixels: grey.map { UInt8(max(0, min(255, $0.rounded()))) })
        var lines: [BurnedInText.Line] = []
        var markers: [BurnedInText.Line] = []
        for plane in [bright, bright.inverted] {
            let strokes = StrokePlane(plane.strokes(narrowerThan: Self.widestStroke))
            let (rows, alone) = strokes.rows()
            guard let found = read(rows, of: strokes), let lone = readMarkers(alone, of: strokes) else { return nil }
            lines += found
            markers += lone
        }
        markers += lines.filter { BurnedInText.isSideMarker($0.text) }
        return BurnedInText(
            lines: Self.withoutEchoes(lines.filter { !BurnedInText.isSideMarker($0.text) }),
            sideMarkers: Self.withoutEchoes(markers), milliseconds: 0)
    }

    // MARK: Rows of letters

    private func read(_ rows: [[Shape]], of strokes: StrokePlane) -> [BurnedInText.Line]? {
        guard !rows.isEmpty else { return [] }
        let (width, height) = (strokes.contrast.width, strokes.contrast.height)
        var canvas = GreyPlane(width: width, height: height, pixels: [UInt8](repeating: 255, count: width * height))
        strokes.draw(rows.flatMap { $0 }, on: &canvas, originX: 0, originY: 0)
        return recognise(canvas, isOneLetter: false)?.compactMap { $0.line(width: width, height: height) }
    }

    // MARK: Side markers

    private func readMarkers(_ alone: [Shape], of strokes: StrokePlane) -> [BurnedInText.Line]? {
        let likely = alone.filter { $0.height >= 14 && $0.width * 4 > $0.height && $0.width * 10 < $0.height * 11 }
            .sorted { $0.height > $1.height }.prefix(Self.mostAlone)
        var markers: [BurnedInText.Line] = []
        for shape in likely {
            guard let words = recognise(strokes.letter(shape), isOneLetter: true) else { return nil }
            guard let word = words.first?.words.first, word.confidence >= 0.85, word.text == "L" || word.text == "R"
            else { continue }
            let (width, height) = (Double(strokes.contrast.width), Double(strokes.contrast.height))
            markers.append(
                BurnedInText.Line(
                    text: word.text, confidence: word.confidence, x: Double(shape.left) / width,
                    y: Double(shape.top) / height, width: Double(shape.width) / width,
                    height: Double(shape.height) / height))
        }
        return markers
    }

    /// The counters of bright letters are dark shapes, and the other way round: of two lines in one place the one that was
    /// read with more confidence stays.
    private static func withoutEchoes(_ lines: [BurnedInText.Line]) -> [BurnedInText.Line] {
        var kept: [BurnedInText.Line] = []
        for line in lines.sorted(by: { $0.confidence > $1.confidence }) where !kept.contains(where: line.covers) {
            kept.append(line)
        }
        return kept.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    }

    // MARK: Recognition

    private func recognise(_ canvas: GreyPlane, isOneLetter: Bool) -> [RecognisedLine]? {
        var lines: [RecognisedLine] = []
        let isDone = withUnsafeMutablePointer(to: &lines) { lines in
            lb_text_read(
                recogniser, canvas.pixels, Int32(canvas.width), Int32(canvas.height), isOneLetter,
                { context, word in
                    guard let word = word?.pointee, let text = word.text else { return }
                    let lines = context?.assumingMemoryBound(to: [RecognisedLine].self)
                    if word.beginsLine || lines?.pointee.isEmpty == true { lines?.pointee.append(RecognisedLine()) }
                    let last = (lines?.pointee.count ?? 1) - 1
                    lines?.pointee[last].words.append(
                        RecognisedLine.Word(
                            text: String(cString: text), confidence: Double(word.confidence) / 100,
                            left: Int(word.left), top: Int(word.top), right: Int(word.right),
                            bottom: Int(word.bottom)))
                }, lines)
        }
        return isDone ? lines : nil
    }
}
