/// From stored values to samples in the order of display, 0 black, without losing a step between two of them.
struct DicomSampleScale {
    /// What white becomes, 1...65535.
    let maximum: Int
    let windows: [SamplesHeader.Window]
    let sample: (_ stored: Int) -> UInt16

    /// - Parameter count: cells of the frame.
    init(_ rendering: DicomRendering, _ cells: DicomFrame, count: Int) {
        let isInverted = rendering.isInverted

        /// Numbers `0...full` of a table, turned round where the smallest is white.
        func ofTable(_ full: Double, _ value: @escaping (Int) -> Double) -> (Int) -> UInt16 {
            { stored in
                if rendering.isPadding(stored) { return 0 }
                let entry = min(full, max(0, value(stored)))
                return UInt16(isInverted ? full - entry : entry)
            }
        }
        if case .table(let shown)? = rendering.window {
            maximum = max(1, Int(shown.full))
            sample = ofTable(shown.full) { shown.value(rendering.modality.value($0)) }
            windows = []
            return
        }
        switch rendering.modality {
        case .table(let table):
            maximum = max(1, Int(table.full))
            sample = ofTable(table.full) { table.value(Double($0)) }
            let full = table.full
            windows = Self.windows(rendering) { isInverted ? full - $0 : $0 }
        case .linear(let slope, let intercept):
            let range = Self.range(rendering, cells, count: count)
            let steps = Double(max(1, range.upperBound - range.lowerBound))
            // More than 16 bits are squeezed into 16.
            let scale = min(1, 65535 / steps)
            let maximum = Int((steps * scale).rounded())
            let isTurned = isInverted != (slope < 0)
            self.maximum = maximum
            let first = Double(range.lowerBound)
            sample = { stored in
                if rendering.isPadding(stored) { return 0 }
                let value = Int(((Double(stored) - first) * scale).rounded())
                let inside = min(maximum, max(0, value))
                return UInt16(isTurned ? maximum - inside : inside)
            }
            windows = Self.windows(rendering) { value in
                let place = ((value - intercept) / slope - first) * scale
                return isTurned ? Double(maximum) - place : place
            }
        }
    }

    /// The stored values that the file's bits allow, or that are there where they are more than 16 bits.
    private static func range(_ rendering: DicomRendering, _ cells: DicomFrame, count: Int) -> ClosedRange<Int> {
        let format = rendering.format
        if cells.isBits { return 0...1 }
        if format.bitsStored <= 16 {
            return format.isSigned
                ? -(1 << (format.bitsStored - 1))...(1 << (format.bitsStored - 1)) - 1
                : 0...(1 << format.bitsStored) - 1
        }
        let values = cells.storedValues(count: count, rendering)
        guard let first = values.first, let last = values.last else { return 0...1 }
        return first.value...last.value
    }

    /// The file's windows with their ends moved by `place`.
    private static func windows(
        _ rendering: DicomRendering, _ place: (Double) -> Double
    ) -> [SamplesHeader.Window] {
        rendering.windows.enumerated().compactMap { number, named in
            let ends: (low: Double, high: Double)
            switch named.window {
            case .linear(let centre, let width):
                // PS3.3 section C.11.2.1.2.1: the ramp ends half a step before the window does.
                ends = (centre - width / 2, centre + width / 2 - 1)
            case .linearExact(let centre, let width), .sigmoid(let centre, let width):
                // A sigmoid is as steep in its middle as the straight line of the same width.
                ends = (centre - width / 2, centre + width / 2)
            case .table, .range: return nil
            }
            let (one, other) = (place(ends.low), place(ends.high))
            return SamplesHeader.Window(
                name: named.name ?? "Window \(number + 1)", center: (one + other) / 2, width: max(1, abs(one - other)))
        }
    }
}
