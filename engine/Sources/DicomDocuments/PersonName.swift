/// A name as DICOM holds it: up to five components with `^` between them, at most 64 characters in all.
public struct PersonName: Sendable, Equatable {
    public let value: String

    /// A name as somebody wrote it. It isn't known which part is which: all of it becomes the first component.
    public init(_ text: String) {
        value = WrittenText.cut(Self.component(text), 64)
    }

    /// A name in the form of DICOM: family, given, middle, prefix, suffix.
    public init(dicom text: String) {
        let parts = text.split(separator: "^", maxSplits: 4, omittingEmptySubsequences: false)
        var components = parts.map { Self.component(String($0)) }
        while components.last == "" { components.removeLast() }
        while components.count > 1, components.joined(separator: "^").unicodeScalars.count > 64 {
            components.removeLast()
        }
        value = components.count == 1 ? WrittenText.cut(components[0], 64) : components.joined(separator: "^")
    }

    /// `^` parts components and `=` ways to write a name: both stand in their full-width form.
    private static func component(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in WrittenText.line(text, limit: nil).unicodeScalars {
            view.append(scalar == "^" ? "\u{FF3E}" : scalar == "=" ? "\u{FF1D}" : scalar)
        }
        return String(view)
    }
}
