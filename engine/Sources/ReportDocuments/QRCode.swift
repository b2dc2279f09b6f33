import CQrencode

/// QR codes (ISO/IEC 18004), by libqrencode.
public enum QRCode {
    /// The modules of a code that says `text`, row by row, true for dark ones, without the quiet zone of four modules
    /// that has to be left around them. Error correction level M: a code of which 15 % are damaged can still be read.
    ///
    /// - Throws: ``QRCodeFault`` where the text is empty, holds a null character, or is longer than a code can hold
    ///   (2,331 bytes of UTF-8).
    public static func modules(_ text: String) throws(QRCodeFault) -> [[Bool]] {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, !bytes.contains(0), bytes.count <= 2331 else { throw QRCodeFault() }
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else { throw QRCodeFault() }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard let data = code.pointee.data else { throw QRCodeFault() }
        return (0..<width).map { row in (0..<width).map { data[row * width + $0] & 1 == 1 } }
    }
}

/// That a text can't be put into a QR code. It doesn't tell the text, which may be about a person.
public struct QRCodeFault: Error, Sendable, CustomStringConvertible {
    public var description: String { "The text doesn't fit into a QR code." }
}
