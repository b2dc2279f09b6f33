internal import Domain

extension DicomFrame {
    /// Where a file has no window, this share of its values is shown black, and the same share white: stray pixels
    /// (markers, collimator edges) do not decide the contrast.
    static let clippedShare = 0.005

    /// How many different cells there can be; nil where a table of them would be too large.
    var cellValues: Int? {
        switch self {
        case .bits: 2
        case .bytes: 256
        case .words, .decoded: 65536
        case .longs: nil
        }
    }

    /// Calls `body` with cells `first ..< first + count` and where each lies from the first.
    @inline(__always)
    func forEachCell(from first: Int, count: Int, _ body: (_ cell: UInt32, _ place: Int) -> Void) {
        switch self {
        case .bits(let view, _):
            for place in 0..<count {
                let at = first + place
                body(UInt32(view.bytes[at / 8] >> UInt8(at % 8) & 1), place)
            }
        case .bytes(let view):
            for place in 0..<count { body(UInt32(view.bytes[first + place]), place) }
        case .words(let view, let order):
            // A mapped file may begin anywhere: words are read without alignment.
            for place in 0..<count {
                let word = view.bytes.loadUnaligned(fromByteOffset: 2 * (first + place), as: UInt16.self)
                body(UInt32(order == .big ? UInt16(bigEndian: word) : UInt16(littleEndian: word)), place)
            }
        case .longs(let view, let order):
            for place in 0..<count { body(view.uint32(4 * (first + place), order) ?? 0, place) }
        case .decoded(let cells):
            cells.withUnsafeBufferPointer { cells in
                for place in 0..<count { body(UInt32(cells[first + place]), place) }
            }
        }
    }

    /// How often each stored value is there, without padding, in order of the value.
    func storedValues(count: Int, _ rendering: DicomRendering) -> [(value: Int, count: Int)] {
        var found: [(value: Int, count: Int)]
        if let size = cellValues {
            var histogram = [Int](repeating: 0, count: size)
            histogram.withUnsafeMutableBufferPointer { histogram in
                forEachCell(from: 0, count: count) { cell, _ in histogram[Int(cell)] += 1 }
            }
            found = histogram.indices.filter { histogram[$0] > 0 }
                .map { (stored(UInt32($0), rendering), histogram[$0]) }
        } else {
            var counts: [Int: Int] = [:]
            forEachCell(from: 0, count: count) { cell, _ in counts[stored(cell, rendering), default: 0] += 1 }
            found = counts.map { ($0.key, $0.value) }
        }
        found.removeAll { rendering.isPadding($0.value) }
        return found.sorted { $0.value < $1.value }
    }

    /// The stored value in a cell; a single bit is one already.
    private func stored(_ cell: UInt32, _ rendering: DicomRendering) -> Int {
        isBits ? Int(cell) : rendering.format.value(cell)
    }

    /// What a file without a window shows: the range between the two percentiles of ``clippedShare``, without padding;
    /// for single bits both of them.
    func shownRange(count: Int, _ rendering: DicomRendering) -> DicomRendering.Window {
        if isBits { return .range(0, 1) }
        let shown = storedValues(count: count, rendering)
            .map { (value: rendering.modality.value($0.value), count: $0.count) }.sorted { $0.value < $1.value }
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
        let low = percentile(Self.clippedShare)
        let high = percentile(1 - Self.clippedShare)
        // So few different values that the percentiles meet: all of them matter.
        if low == high, let first = shown.first, let last = shown.last { return .range(first.value, last.value) }
        return .range(low, high)
    }
}

/// Turns the cells of one frame into numbers of another kind, some at a time: through a table of all cells where the
/// picture has more pixels than the table would have rows.
struct DicomCellMap<Number> {
    private let frame: DicomFrame
    private let table: [Number]
    private let map: (UInt32) -> Number

    /// - Parameter count: cells of the frame.
    init(_ frame: DicomFrame, count: Int, _ map: @escaping (_ cell: UInt32) -> Number) {
        self.frame = frame
        self.map = map
        if let size = frame.cellValues, size <= count {
            table = (0..<size).map { map(UInt32($0)) }
        } else {
            table = []
        }
    }

    func fill(from first: Int, count: Int, _ out: UnsafeMutablePointer<Number>) {
        guard !table.isEmpty else {
            frame.forEachCell(from: first, count: count) { cell, place in out[place] = map(cell) }
            return
        }
        table.withUnsafeBufferPointer { table in
            frame.forEachCell(from: first, count: count) { cell, place in out[place] = table[Int(cell)] }
        }
    }
}

extension DicomImage {
    /// The grey values of one frame, 0...255, and where they come from.
    func grey(frame: Int) throws(PictureFault) -> DicomCellMap<Float> {
        let (cells, rendering) = try decoded(frame: frame)
        let count = rows * columns
        let window = rendering.window ?? cells.shownRange(count: count, rendering)
        return DicomCellMap(cells, count: count) { cell in
            cells.isBits ? rendering.shade(Double(cell)) : rendering.grey(rendering.format.value(cell), window)
        }
    }

    func decoded(frame: Int) throws(PictureFault) -> (cells: DicomFrame, rendering: DicomRendering) {
        guard frame >= 0, frame < frames else { throw .noFrame(frame, of: frames) }
        let cells = try DicomFrame(self, frame: frame)
        return (cells, DicomRendering(file.dataSet, frame: frame, format: format, isInverted: isInverted))
    }
}
