public import Domain

/// Looks for letters in the pixels of pictures, one after another, behind everything else.
public protocol TextReading: Sendable {
    /// Remembers the picture, and returns at once.
    func look(at upload: Upload)
}
