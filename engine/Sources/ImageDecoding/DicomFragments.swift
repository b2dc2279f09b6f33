internal import Domain

/// The fragments of encapsulated pixel data, and which of them make up a frame.
///
/// Source: DICOM PS3.5, section A.4.
struct DicomFragments {
    private let view: ByteView
    /// Offsets of the frames from the first fragment's item, where the file has a table of them.
    private var offsets: [Int] = []
    /// Value of each fragment, and the offset of its item from the first fragment's item.
    private var fragments: [(start: Int, length: Int, item: Int)] = []

    /// More fragments than this are taken for an attack.
    static let limit = 1 << 20

    /// - Parameter view: the value of the pixel data, with item headers, without the delimiter.
    init?(_ view: ByteView) {
        self.view = view
        var place = 0
        var first = 0
        var isTable = true
        while place < view.count {
            guard view.uint16(place, .little) == 0xFFFE, view.uint16(place + 2, .little) == 0xE000,
                let length = view.uint32(place + 4, .little).map(Int.init), view.holds(length, at: place + 8),
                fragments.count < Self.limit
            else { return nil }
            if isTable {
                for entry in 0..<length / 4 {
                    guard let offset = view.uint32(place + 8 + 4 * entry, .little) else { return nil }
                    offsets.append(Int(offset))
                }
                first = place + 8 + length
                isTable = false
            } else {
                fragments.append((place + 8, length, place - first))
            }
            place += 8 + length
        }
    }

    /// Calls `body` with the code stream of a frame; its fragments are joined where it has several.
    func withFrame<Result>(
        _ frame: Int, of frames: Int, _ body: (ByteView) throws(PictureFault) -> Result
    ) throws(PictureFault) -> Result {
        guard let range = range(frame, of: frames), let first = range.first else { throw .damaged }
        if range.count == 1 {
            guard let whole = view.view(at: fragments[first].start, length: fragments[first].length) else {
                throw .damaged
            }
            return try body(whole)
        }
        let length = fragments[range].reduce(0) { $0 + $1.length }
        let joined = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
        defer { joined.deallocate() }
        var place = 0
        for fragment in fragments[range] {
            guard let part = view.view(at: fragment.start, length: fragment.length) else { throw .damaged }
            UnsafeMutableRawBufferPointer(rebasing: joined[place..<place + part.count]).copyMemory(from: part.bytes)
            place += part.count
        }
        return try body(ByteView(UnsafeRawBufferPointer(joined)))
    }

    /// Indices of the fragments of a frame; nil where they cannot be told.
    func range(_ frame: Int, of frames: Int) -> Range<Int>? {
        guard frame >= 0, frame < frames, !fragments.isEmpty else { return nil }
        if frames == 1 { return 0..<fragments.count }
        if fragments.count == frames { return frame..<frame + 1 }
        if offsets.count == frames {
            guard let start = fragments.firstIndex(where: { $0.item == offsets[frame] }) else { return nil }
            guard frame + 1 < frames else { return start..<fragments.count }
            guard let end = fragments.firstIndex(where: { $0.item == offsets[frame + 1] }), end > start else {
                return nil
            }
            return start..<end
        }
        let starts = fragments.indices.filter { index in
            let at = fragments[index].start
            return view.has([0xFF, 0xD8, 0xFF], at: at) || view.has([0xFF, 0x4F, 0xFF, 0x51], at: at)
        }
        guard starts.count == frames, starts.first == 0 else { return nil }
        return starts[frame]..<(frame + 1 < frames ? starts[frame + 1] : fragments.count)
    }
}
