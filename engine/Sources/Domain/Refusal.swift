/// Why a picture was not analysed, and what to do about it.
public struct Refusal: Codable, Sendable, Equatable {
    public enum Code: String, Codable, Sendable, CaseIterable {
        case notAChest = "not-a-chest"
        case notFrontal = "not-frontal"
        case wrongModality = "wrong-modality"
        case upsideDown = "upside-down"
        case rotated
        case inverted
        case mirrored
        case cropped
        case glare
        case tooSmall = "too-small"
        case noContrast = "no-contrast"
        case tooDark = "too-dark"
        case tooBright = "too-bright"
    }

    public var code: Code
    public var reason: String
    public var advice: String
    /// What would mend it, if it can be mended in the picture itself: from the file as it was received, so that it takes
    /// the place of an adjustment that was in force.
    public var remedy: PictureAdjustment?

    public init(_ code: Code, remedy: PictureAdjustment? = nil) {
        self.code = code
        self.remedy = remedy
        (reason, advice) = code.words
    }
}

extension Refusal.Code {
    /// One plain reason, and one thing to do.
    var words: (reason: String, advice: String) {
        switch self {
        case .notAChest:
            (
                "This doesn't look like a chest X-ray.",
                "Choose a chest X-ray taken from the front or the back. A photograph of a film must fill the frame."
            )
        case .notFrontal:
            (
                "This seems to be a side view of the chest.",
                "Choose the picture taken from the front or the back: the model knows no other."
            )
        case .wrongModality:
            (
                "The file says that this is not an X-ray picture but another kind of scan.",
                "Choose a plain chest X-ray. Slices from CT or MR can't be read here."
            )
        case .upsideDown:
            ("The picture seems to be upside down.", "Turn it so that the head is at the top, and try again.")
        case .rotated:
            ("The picture seems to lie on its side.", "Turn it so that the head is at the top, and try again.")
        case .inverted:
            (
                "Black and white seem to be swapped: bones should be bright.",
                "Swap black and white back, and try again."
            )
        case .mirrored:
            (
                "Left and right seem to be swapped: the heart seems to lie on the wrong side.",
                "Mirror the picture, and try again. In a few people the heart really lies on the right; if that is "
                    + "known of you, tell whoever reads the result."
            )
        case .cropped:
            (
                "A part of the lungs seems to be cut off at the edge of the picture.",
                "Choose a picture that shows both lungs whole, from the collarbones to the lowest ribs."
            )
        case .glare:
            (
                "Glare or the pattern of a screen seems to hide a part of the picture.",
                "Upload the original file, or take the photograph again with no lamp or window shining on the film."
            )
        case .tooSmall:
            (
                "The picture is too small: it has too few pixels to be read.",
                "Upload the original file rather than a small preview of it."
            )
        case .noContrast:
            (
                "The picture is almost one even grey, so nothing can be seen in it.",
                "Upload the original file rather than a screenshot or a faded copy."
            )
        case .tooDark:
            (
                "The picture is too dark to read.",
                "Upload the original file, or take the photograph again with more light."
            )
        case .tooBright:
            (
                "The picture is too bright to read.",
                "Upload the original file, or take the photograph again with less light."
            )
        }
    }
}
