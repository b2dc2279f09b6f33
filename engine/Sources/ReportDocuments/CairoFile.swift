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
        let trailer = bytes[(table + 20 * count)...]
        guard let root = Self.reference("/Root ", in: trailer) else { throw Self.unknown("trailer") }
        func dictionary(_ number: Int) -> ArraySlice<UInt8> {
            Self.dictionary(bytes, at: offsets.indices.contains(number) ? offsets[number] : 0)
        }
        guard let tree = Self.reference("/Pages ", in: dictionary(root)),
            let kids = dictionary(tree).end(of: "/Kids [")
        else { throw Self.unknown("page tree") }
        pageTree = tree
        // Each is `2 0 R`.
        let text = String(decoding: dictionary(tree)[kids...].prefix { $0 != 0x5d }, as: UTF8.self)
        pages = text.split(whereSeparator: \.isWhitespace).enumerated().compactMap {
            $0.offset % 3 == 0 ? Int($0.element) : nil
        }
    }

    var objects: Range<Int> { 1..<offsets.count }

    /// The text of an object's dictionary, without its stream.
    func dictionary(_ number: Int) -> ArraySlice<UInt8> {
        offsets.indices.contains(number) ? Self.dictionary(bytes, at: offsets[number]) : []
    }

    /// A stream's data, as it is in the file.
    func stream(_ number: Int) throws(ReportDocumentError) -> ArraySlice<UInt8> {
        let dictionary = dictionary(number)
        guard let lengthAt = Self.reference("/Length ", in: dictionary),
            let length = Self.integer(
                bytes, after: "\(lengthAt) 0 obj\n   ", at: offsets.indices.contains(lengthAt) ? offsets[lengthAt] : 0)
        else { throw Self.unknown("stream") }
        let start = dictionary.endIndex + "stream\n".utf8.count
        guard start + length <= bytes.count else { throw Self.unknown("stream") }
        return bytes[start..<(start + length)]
    }

    /// The number of the object that a key refers to.
    static func reference(_ key: StaticString, in dictionary: ArraySlice<UInt8>) -> Int? {
        guard let end = dictionary.end(of: key) else { return nil }
        let digits = dictionary[end...].prefix { 0x30...0x39 ~= $0 }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    static func unknown(_ what: String) -> ReportDocumentError {
        ReportDocumentError(.drawing, "This version of cairo writes another kind of \(what).")
    }

    private static func integer(_ bytes: [UInt8], after words: String, at offset: Int) -> Int? {
        guard bytes[offset...].starts(with: words.utf8) else { return nil }
        let digits = bytes[(offset + words.utf8.count)...].prefix { 0x30...0x39 ~= $0 }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private static func dictionary(_ bytes: [UInt8], at offset: Int) -> ArraySlice<UInt8> {
        let begin = bytes[offset...].end(of: "\n") ?? bytes.count
        var line = begin
        while line < bytes.count, !bytes[line...].begins(with: "stream\n"), !bytes[line...].begins(with: "endobj\n") {
            line = bytes[line...].end(of: "\n") ?? bytes.count
        }
        return bytes[begin..<line]
    }
}

extension ArraySlice<UInt8> {
    func begins(with words: StaticString) -> Bool {
        let length = words.utf8CodeUnitCount
        guard count >= length else { return false }
        for place in 0..<length where self[startIndex + place] != words.utf8Start[place] { return false }
        return true
    }

    /// Where the words end the first time.
    func end(of words: StaticString) -> Int? {
        let (length, first) = (words.utf8CodeUnitCount, words.utf8Start[0])
        guard count >= length else { return nil }
        for start in startIndex...(endIndex - length) where self[start] == first {
            if self[start...].begins(with: words) { return start + length }
        }
        return nil
    }

    func contains(_ words: StaticString) -> Bool {
        end(of: words) != nil
    }
}
