internal import CPicture

/// Compresses bytes as they come and hands the result on in pieces.
final class GzipPieces {
    /// The longest piece, in bytes.
    static let longest = 1 << 20
    /// Fast: a picture is compressed while somebody waits for it.
    private static let level: Int32 = 1

    /// A piece could not be handed on, or memory is short.
    struct Stopped: Error {}

    private let stream: OpaquePointer
    private let deliver: ([UInt8]) -> Bool
    private var piece = [UInt8](repeating: 0, count: longest)
    private var filled = 0

    /// - Parameter deliver: takes a piece; false ends it.
    init(_ deliver: @escaping ([UInt8]) -> Bool) throws(Stopped) {
        guard let stream = lb_gzip_open(Self.level) else { throw Stopped() }
        self.stream = stream
        self.deliver = deliver
    }

    deinit {
        lb_gzip_close(stream)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(Stopped) {
        try feed(bytes, isLast: false)
    }

    /// Writes the trailer and hands on what is left.
    func finish() throws(Stopped) {
        try feed(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
        if filled > 0, !deliver(Array(piece[..<filled])) { throw Stopped() }
        filled = 0
    }

    private func feed(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(Stopped) {
        var rest = bytes.baseAddress
        var count = bytes.count
        while true {
            let room = piece.count - filled
            var written = 0
            let isWhole = piece.withUnsafeMutableBufferPointer { piece in
                lb_gzip_feed(
                    stream, &rest, &count, isLast, piece.baseAddress.map { $0 + filled }, room, &written)
            }
            guard isWhole else { throw Stopped() }
            filled += written
            guard filled == piece.count else { return }
            guard deliver(piece) else { throw Stopped() }
            filled = 0
        }
    }
}
