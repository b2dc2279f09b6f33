/// A PDF that cairo wrote, as far as an update needs to know it. It is no reader of just any PDF: it relies on the form
/// that cairo gives to its objects, and throws when it meets another one.
struct CairoFile {
    let bytes: [UInt8]
    /// Where the objects begin, by their numbers.
    private let offsets: [Int]
    let crossReferences: Int
    let pageTree: Int
    let pages: [Int]

    init(_ bytes: [UInt8]) throws(ReportDocumentError) {
        self.bytes = bytes
        let end = String(decoding: bytes.suffix(64), as: UTF8.self)
        guard let start = end.split(separator: "\n").dropLast().last.flatMap({ Int($0) }),
            start < bytes.count, let count = Self.integer(bytes, after: "xref\n0 ", at: start)
        else { throw Self.unknown("cross-reference table") }
        crossReferences = start
        let table = start + "xref\n0 \(count)\n".utf8.count
        guard table + 20 * count < bytes.count else { throw Self.unknown("cross-reference table") }
        let offsets = (0..<count).map { Self.integer(bytes, after: "", at: table + 20 * $0) ?? 0 }
        self.offsets = offsets
        let trailer = String(decoding: bytes[(table + 20 * count)...], as: UTF8.self)
        guard let root = Self.reference("/Root ", in: trailer) else { throw Self.unknown("trailer") }
        func dictionary(_ number: Int) -> String {
            Self.dictionary(bytes, at: offsets.indices.contains(number) ? offsets[number] : 0)
        }
        guard let tree = Self.reference("/Pages ", in: dictionary(root)),
            let kids = dictionary(tree).split(separator: "/Kids [").dropFirst().first?.prefix(while: { $0 != "]" })
        else { throw Self.unknown("page tree") }
        pageTree = tree
        pages = kids.split(whereSeparator: \.isWhitespace).enumerated().compactMap {
            $0.offset % 3 == 0 ? Int($0.element) : nil
        }
    }

    var objects: Range<Int> { 1..<offsets.count }

    /// The text of an object's dictionary, without its stream.
    func dictionary(_ number: Int) -> String {
        offsets.indices.contains(number) ? Self.dictionary(bytes, at: offsets[number]) : ""
    }

    /// A stream's data, as it is in the file.
    func stream(_ number: Int) throws(ReportDocumentError) -> ArraySlice<UInt8> {
        let dictionary = dictionary(number)
        guard let lengthAt = Self.reference("/Length ", in: dictionary),
            let length = Self.integer(
                bytes, after: "\(lengthAt) 0 obj\n   ", at: offsets.indices.contains(lengthAt) ? offsets[lengthAt] : 0)
        else { throw Self.unknown("stream") }
        let start =
            offsets[number] + "\(number) 0 obj\n".utf8.count + dictionary.utf8.count + "stream\n".utf8.count
        guard start + length <= bytes.count else { throw Self.unknown("stream") }
        return bytes[start..<(start + length)]
    }

    /// The number of the object that a key refers to.
    static func reference(_ key: String, in dictionary: String) -> Int? {
        guard let found = dictionary.firstRange(of: key) else { return nil }
        return Int(dictionary[found.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }

    static func unknown(_ what: String) -> ReportDocumentError {
        ReportDocumentError(.drawing, "This version of cairo writes another kind of \(what).")
    }

    private static func integer(_ bytes: [UInt8], after words: String, at offset: Int) -> Int? {
        guard bytes[offset...].starts(with: words.utf8) else { return nil }
        let digits = bytes[(offset + words.utf8.count)...].prefix { 0x30...0x39 ~= $0 }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private static func dictionary(_ bytes: [UInt8], at offset: Int) -> String {
        guard let begin = bytes[offset...].firstIndex(of: 0x0a).map({ $0 + 1 }) else { return "" }
        let (stream, end) = (Array("stream\n".utf8), Array("endobj\n".utf8))
        var line = begin
        while line < bytes.count, !bytes[line...].starts(with: stream), !bytes[line...].starts(with: end) {
            line = (bytes[line...].firstIndex(of: 0x0a) ?? bytes.count) + 1
        }
        return String(decoding: bytes[begin..<min(line, bytes.count)], as: UTF8.self)
    }
}
