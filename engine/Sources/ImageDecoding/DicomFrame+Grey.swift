extension DicomFrame {
    /// Where a file has no window, this share of its values is shown black, and the same share white: stray pixels
    /// (markers, collimator edges) do not decide the contrast.
    static let clippedShare = 0.005

    /// The frame as grey values, 0...255.
    func grey(_ rendering: DicomRendering) -> [Float] {
        let format = rendering.format
        switch self {
        case .bits(let view, let count):
            let (zero, one) = (rendering.isInverted ? Float(255) : 0, rendering.isInverted ? Float(0) : 255)
            return (0..<count).map { view.bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 ? one : zero }
        case .bytes(let view):
            return mapped(view.bytes.bindMemory(to: UInt8.self), cells: 256, rendering) { Int($0) }
        case .words(let view, let order):
            // A mapped file may begin anywhere: words are read without alignment.
            let words = UnalignedWords(view: view, isBig: order == .big)
            return mapped(words, cells: 65536, rendering) { Int($0) }
        case .decoded(let cells):
            return cells.withUnsafeBufferPointer { mapped($0, cells: 65536, rendering) { Int($0) } }
        case .longs(let view, let order):
            return each((0..<view.count / 4).map { format.value(view.uint32(4 * $0, order) ?? 0) }, rendering)
        }
    }

    /// Renders values one by one.
    private func each(_ stored: [Int], _ rendering: DicomRendering) -> [Float] {
        let window = rendering.window ?? Self.range(stored: stored, rendering)
        return stored.map { rendering.grey($0, window) }
    }

    /// Maps cells through a table of all values that one cell can have.
    @inline(__always)
    private func mapped<Cells: RandomAccessCollection>(
        _ cells: Cells, cells size: Int, _ rendering: DicomRendering, _ number: (Cells.Element) -> Int
    ) -> [Float] where Cells.Index == Int {
        // A picture with fewer pixels than the table has rows does not need the table.
        if cells.count < size { return each(cells.map { rendering.format.value(UInt32(number($0))) }, rendering) }
        let stored = (0..<size).map { rendering.format.value(UInt32($0)) }
        let window =
            rendering.window
            ?? {
                var histogram = [Int](repeating: 0, count: size)
                for index in 0..<cells.count { histogram[number(cells[index])] += 1 }
                return Self.range(stored: stored, histogram, rendering)
            }()
        let table = stored.map { rendering.grey($0, window) }
        return table.withUnsafeBufferPointer { table in
            [Float](unsafeUninitializedCapacity: cells.count) { out, count in
                for index in 0..<cells.count { out[index] = table[number(cells[index])] }
                count = cells.count
            }
        }
    }

    /// The range between the two percentiles of ``clippedShare``, without padding.
    private static func range(
        stored: [Int], _ histogram: [Int], _ rendering: DicomRendering
    ) -> DicomRendering.Window {
        let shown = stored.indices.filter { histogram[$0] > 0 && !rendering.isPadding(stored[$0]) }
            .map { (value: rendering.modality.value(stored[$0]), count: histogram[$0]) }
            .sorted { $0.value < $1.value }
        let total = shown.reduce(0) { $0 + $1.count }

        func percentile(_ share: Double) -> Double {
            let wanted = Int((share * Double(total - 1)).rounded())
            var seen = 0
            for entry in shown {
                seen += entry.count
                if seen > wanted { return entry.value }
            }
            return shown.last?.value ?? 0
        }
        let low = percentile(clippedShare)
        let high = percentile(1 - clippedShare)
        // So few different values that the percentiles meet: all of them matter.
        if low == high, let first = shown.first, let last = shown.last { return .range(first.value, last.value) }
        return .range(low, high)
    }

    private static func range(stored: [Int], _ rendering: DicomRendering) -> DicomRendering.Window {
        var counts: [Int: Int] = [:]
        for value in stored { counts[value, default: 0] += 1 }
        let values = Array(counts.keys)
        return range(stored: values, values.map { counts[$0] ?? 0 }, rendering)
    }
}

/// 16-bit words in place, without regard to alignment.
private struct UnalignedWords: RandomAccessCollection {
    let view: ByteView
    let isBig: Bool

    var startIndex: Int { 0 }
    var endIndex: Int { view.count / 2 }

    subscript(index: Int) -> UInt16 {
        let word = view.bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        return isBig ? UInt16(bigEndian: word) : UInt16(littleEndian: word)
    }
}
