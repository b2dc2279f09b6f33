/// What a person asked to be done to a picture before it is analysed; applied in this order: turn, mirror, invert.
public struct PictureAdjustment: Codable, Sendable, Hashable {
    /// Degrees clockwise: 0, 90, 180 or 270.
    public var turn: Int {
        didSet { precondition(Self.turns.contains(turn), "a picture is turned by quarters") }
    }
    /// Left and right swapped, after turning.
    public var mirror: Bool
    /// Black and white swapped.
    public var invert: Bool

    public static let none = PictureAdjustment()
    public static let turns = [0, 90, 180, 270]

    /// - Parameter turn: one of ``turns``.
    public init(turn: Int = 0, mirror: Bool = false, invert: Bool = false) {
        precondition(Self.turns.contains(turn), "a picture is turned by quarters")
        self.turn = turn
        self.mirror = mirror
        self.invert = invert
    }

    /// What is absent isn't done.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let turn = try container.decodeIfPresent(Int.self, forKey: .turn) ?? 0
        guard Self.turns.contains(turn) else {
            throw DecodingError.dataCorruptedError(
                forKey: .turn, in: container, debugDescription: "A picture is turned by 0, 90, 180 or 270 degrees.")
        }
        self.init(
            turn: turn, mirror: try container.decodeIfPresent(Bool.self, forKey: .mirror) ?? false,
            invert: try container.decodeIfPresent(Bool.self, forKey: .invert) ?? false)
    }

    /// What was done, for people, for example "turned by 180°, black and white swapped"; nil where nothing was.
    public var words: String? {
        let turned = [90: "turned by 90° to the right", 180: "turned by 180°", 270: "turned by 90° to the left"][turn]
        let done = [turned, mirror ? "mirrored" : nil, invert ? "black and white swapped" : nil].compactMap(\.self)
        return done.isEmpty ? nil : done.joined(separator: ", ")
    }
}

extension PictureAdjustment: CustomStringConvertible {
    /// What is done, for example `turned-90 inverted`; `none` where nothing is.
    public var description: String {
        let done = [turn == 0 ? nil : "turned-\(turn)", mirror ? "mirrored" : nil, invert ? "inverted" : nil]
        return self == .none ? "none" : done.compactMap(\.self).joined(separator: " ")
    }
}
