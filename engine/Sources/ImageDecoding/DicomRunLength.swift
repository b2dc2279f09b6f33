/// Decodes one frame of run-length coded pixels to cells of one or two bytes; nil where it is damaged.
///
/// Source: DICOM PS3.5, annex G. The first segment holds the most significant bytes.
func runLengthDecoded(_ data: ByteView, segments: Int, samples: Int) -> [UInt16]? {
    guard data.uint32(0, .little).map(Int.init) == segments, segments >= 1, segments <= 2 else { return nil }
    var cells = [UInt16](repeating: 0, count: samples)
    var place = 0
    for segment in 0..<segments {
        guard let start = data.uint32(4 + 4 * segment, .little).map(Int.init), start >= 64, start <= data.count else {
            return nil
        }
        let next = segment + 1 < segments ? data.uint32(8 + 4 * segment, .little).map(Int.init) : data.count
        guard let next, let bytes = data.view(at: start, length: next - start) else { return nil }
        let shift = UInt16(8 * (segments - 1 - segment))
        place = cells.withUnsafeMutableBufferPointer { unpack(bytes, shift: shift, into: $0) }
        guard place == samples else { return nil }
    }
    return cells
}

/// Unpacks one segment and ors its bytes into the cells. Returns how many cells were reached.
private func unpack(_ segment: ByteView, shift: UInt16, into cells: UnsafeMutableBufferPointer<UInt16>) -> Int {
    let bytes = segment.bytes
    var place = 0
    var offset = 0
    while place < cells.count, offset < bytes.count {
        let control = Int(Int8(bitPattern: bytes[offset]))
        offset += 1
        if control >= 0 {
            let length = min(control + 1, cells.count - place)
            guard offset + length <= bytes.count else { return place }
            for index in 0..<length { cells[place + index] |= UInt16(bytes[offset + index]) << shift }
            place += length
            offset += control + 1
        } else if control != -128 {
            guard offset < bytes.count else { return place }
            let length = min(1 - control, cells.count - place)
            let value = UInt16(bytes[offset]) << shift
            for index in 0..<length { cells[place + index] |= value }
            place += length
            offset += 1
        }
    }
    return place
}
