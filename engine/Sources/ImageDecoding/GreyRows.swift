/// Some rows of a picture as they are stored, in grey from 0 (black) to 255 (white).
struct GreyRows {
    /// Index of the first row.
    let top: Int
    let count: Int
    let width: Int
    /// `count * width` values; only valid while it is lent.
    let grey: UnsafePointer<Float>

    func row(_ index: Int) -> UnsafePointer<Float> { grey + index * width }
}

/// What is made of a picture while its rows go by once, from top to bottom.
protocol GreyRowsReader: AnyObject {
    func read(_ rows: GreyRows)
}

/// Keeps all rows.
final class GreyCollector: GreyRowsReader {
    private(set) var grey: [Float] = []

    init(count: Int) {
        grey.reserveCapacity(count)
    }

    func read(_ rows: GreyRows) {
        grey += UnsafeBufferPointer(start: rows.grey, count: rows.count * rows.width)
    }
}
