/// Letters found in the pixels of a picture by optical character recognition. They may name somebody: they are shown to
/// the person whose picture it is, and never logged.
public struct BurnedInText: Codable, Sendable, Equatable {
    /// Where a line of letters lies, as fractions of the picture's width and height from the top left.
    public struct Line: Codable, Sendable, Equatable {
        public var text: String
        /// 0...1, the recogniser's own.
        public var confidence: Double
        public var x: Double
        public var y: Double
        public var width: Double
        public var height: Double

        public init(text: String, confidence: Double, x: Double, y: Double, width: Double, height: Double) {
            self.text = text
            self.confidence = confidence
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }
    }

    /// Without side markers.
    public var lines: [Line]
    /// A lone `L` or `R`, or a word for a side: see ``isSideMarker(_:)``.
    public var sideMarkers: [Line]
    /// How long the search took.
    public var milliseconds: Double

    public init(lines: [Line], sideMarkers: [Line], milliseconds: Double) {
        self.lines = lines
        self.sideMarkers = sideMarkers
        self.milliseconds = milliseconds
    }

    /// Whether a text says which side of the body this is, and nothing else: `L`, `R.`, `(R)`, `LEFT`, `RIGHT`.
    public static func isSideMarker(_ text: String) -> Bool {
        let letters = text.uppercased().filter { $0.isLetter || $0.isNumber }
        return ["L", "R", "LEFT", "RIGHT", "LT", "RT"].contains(letters)
    }
}
