extension PictureAdjustment {
    /// One adjustment that does what this one does, and then what `next` does.
    ///
    /// Turns by quarters and mirroring make up the symmetries of a square: a mirrored picture that is turned clockwise is
    /// one that was turned anticlockwise and then mirrored. Swapping black and white goes with either in any order.
    public func followed(by next: PictureAdjustment) -> PictureAdjustment {
        PictureAdjustment(
            turn: (turn + (mirror ? 360 - next.turn : next.turn)) % 360,
            mirror: mirror != next.mirror, invert: invert != next.invert)
    }
}
