import DicomElements

/// Where the value of an element lies in the file.
struct DicomElement {
    let tag: DicomTag
    /// Two ASCII letters as a big-endian number; 0 in implicit VR.
    let vr: UInt16
    /// First byte of the value.
    let start: Int
    /// Length of the value without delimiters.
    let length: Int
    /// True for sequences and pixel data of undefined length.
    let isDelimited: Bool
}

extension DicomEncoding {
    var order: ByteOrder { isLittleEndian ? .little : .big }
}

/// Reads data elements one after another and keeps where the wanted ones are; no value is copied.
///
/// Every length is checked against the bytes that are there, and sequences may nest 16 deep, so that no file can make
/// the reader run away.
///
/// Source: DICOM PS3.5, sections 7.1 to 7.5; CP-246 for sequences hidden behind the VR UN.
struct DicomDataSet {
    let view: ByteView
    let encoding: DicomEncoding
    private(set) var elements: [DicomTag: DicomElement] = [:]
    /// Offset of the first element.
    let start: Int
    /// Offset behind the last element read.
    private(set) var end: Int

    static let nestingLimit = 16

    enum Fault: Error {
        /// An element reaches over the end, or its header makes no sense.
        case damaged
    }

    /// Reads elements from `start` until `end`, an item delimiter, pixel data or, where given, another group begins.
    init(
        _ view: ByteView, encoding: DicomEncoding, from start: Int, to end: Int, onlyGroup: UInt16? = nil,
        depth: Int = 0
    ) throws(Fault) {
        self.view = view
        self.encoding = encoding
        self.start = start
        guard depth <= Self.nestingLimit, start >= 0, start <= end, end <= view.count else { throw .damaged }
        let reader = Reader(view: view, encoding: encoding, end: end)
        var offset = start
        while offset < end {
            // The group behind the wanted one may be encoded differently: it must not be read further.
            if let onlyGroup, view.uint16(offset, encoding.order) != onlyGroup { break }
            let header = try reader.header(offset)
            if header.tag == Reader.itemEnd {
                offset = header.start
                break
            }
            let element = try reader.element(header, depth: depth)
            if elements[element.value.tag] == nil, DicomTags.wanted.contains(element.value.tag) {
                elements[element.value.tag] = element.value
            }
            offset = element.next
            if header.tag == DicomTags.pixelData { break }
        }
        self.end = offset
    }

    /// The items of a sequence, each as a data set, up to `limit` of them.
    func items(_ tag: DicomTag, limit: Int = .max) -> [DicomDataSet] {
        guard let sequence = elements[tag] else { return [] }
        let last = sequence.start + sequence.length
        let inner: DicomEncoding = sequence.vr == Reader.vrUN ? .implicitLittle : encoding
        let reader = Reader(view: view, encoding: inner, end: last)
        var found: [DicomDataSet] = []
        var offset = sequence.start
        while offset < last, found.count < limit, let item = try? reader.item(offset, depth: 1) {
            guard
                let dataSet = try? DicomDataSet(
                    view, encoding: inner, from: item.start, to: item.start + item.length, depth: 1)
            else { break }
            found.append(dataSet)
            offset = item.next
        }
        return found
    }

    /// The bytes of a value.
    func bytes(_ tag: DicomTag) -> ByteView? {
        guard let element = elements[tag] else { return nil }
        return view.view(at: element.start, length: element.length)
    }

    /// The value at `index` of an element of 16-bit numbers.
    func uint16(_ tag: DicomTag, _ index: Int = 0) -> UInt16? {
        bytes(tag)?.uint16(2 * index, encoding.order)
    }

    /// An element of text as it is stored, without the padding at its ends.
    func ascii(_ tag: DicomTag) -> String? {
        guard let bytes = bytes(tag), bytes.count > 0 else { return nil }
        let padding: Set<UInt8> = [0x20, 0x00]
        let value = bytes.bytes.drop(while: padding.contains)
        guard let last = value.lastIndex(where: { !padding.contains($0) }) else { return nil }
        return String(decoding: value[...last], as: UTF8.self)
    }

    /// The first value of a decimal or integer string (VR DS, IS).
    func number(_ tag: DicomTag) -> Double? {
        numbers(tag).first ?? nil
    }

    /// All values of a decimal or integer string, up to 64; nil in the place of one that is no finite number.
    func numbers(_ tag: DicomTag) -> [Double?] {
        guard let text = ascii(tag) else { return [] }
        return text.split(separator: "\\", maxSplits: 64, omittingEmptySubsequences: false).prefix(64).map { part in
            Double(part.trimmingBlanks).flatMap { $0.isFinite ? $0 : nil }
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var rest = drop(while: { $0 == " " })
        while rest.last == " " || rest.last == "\0" { rest.removeLast() }
        return rest
    }
}

/// Reads the headers of elements and items.
struct Reader {
    static let itemStart: DicomTag = 0xFFFE_E000
    static let itemEnd: DicomTag = 0xFFFE_E00D
    static let sequenceEnd: DicomTag = 0xFFFE_E0DD
    static let undefined = DicomEncoding.undefinedLength
    static let vrUN: UInt16 = 0x554E

    let view: ByteView
    let encoding: DicomEncoding
    let end: Int

    struct Header {
        let tag: DicomTag
        let vr: UInt16
        /// First byte behind the header.
        let start: Int
        let length: UInt32
    }

    func header(_ offset: Int) throws(DicomDataSet.Fault) -> Header {
        let order = encoding.order
        guard offset <= end - 8, let group = view.uint16(offset, order), let element = view.uint16(offset + 2, order)
        else { throw .damaged }
        let tag = DicomTag(group) << 16 | DicomTag(element)
        guard group != 0xFFFE, encoding.isExplicit else {
            return Header(tag: tag, vr: 0, start: offset + 8, length: view.uint32(offset + 4, order) ?? 0)
        }
        guard let vr = view.uint16(offset + 4, .big), DicomVR.isPossible(vr) else { throw .damaged }
        guard DicomVR.hasLongLength(vr) else {
            return Header(tag: tag, vr: vr, start: offset + 8, length: UInt32(view.uint16(offset + 6, order) ?? 0))
        }
        guard offset <= end - 12, let length = view.uint32(offset + 8, order) else { throw .damaged }
        return Header(tag: tag, vr: vr, start: offset + 12, length: length)
    }

    /// The extent of the element behind a header, and where the next one begins.
    func element(_ header: Header, depth: Int) throws(DicomDataSet.Fault) -> (value: DicomElement, next: Int) {
        guard header.length != Self.undefined else {
            let inner = header.vr == Self.vrUN ? Reader(view: view, encoding: .implicitLittle, end: end) : self
            let (last, next) = try inner.sequenceEnd(header.start, depth: depth + 1)
            let value = DicomElement(
                tag: header.tag, vr: header.vr, start: header.start, length: last - header.start, isDelimited: true)
            return (value, next)
        }
        guard Int(header.length) <= end - header.start else { throw .damaged }
        let value = DicomElement(
            tag: header.tag, vr: header.vr, start: header.start, length: Int(header.length), isDelimited: false)
        return (value, header.start + Int(header.length))
    }

    /// The extent of the item at `offset`.
    func item(_ offset: Int, depth: Int) throws(DicomDataSet.Fault) -> (start: Int, length: Int, next: Int) {
        let header = try header(offset)
        guard header.tag == Self.itemStart, depth <= DicomDataSet.nestingLimit else { throw .damaged }
        if header.length != Self.undefined {
            guard Int(header.length) <= end - header.start else { throw .damaged }
            return (header.start, Int(header.length), header.start + Int(header.length))
        }
        var place = header.start
        while true {
            let inner = try self.header(place)
            if inner.tag == Self.itemEnd { return (header.start, place - header.start, inner.start) }
            place = try element(inner, depth: depth).next
        }
    }

    /// Skips the items of a sequence of undefined length. Returns the offset of its delimiter and the one behind it.
    private func sequenceEnd(_ start: Int, depth: Int) throws(DicomDataSet.Fault) -> (last: Int, next: Int) {
        var offset = start
        while true {
            let header = try header(offset)
            if header.tag == Self.sequenceEnd { return (offset, header.start) }
            offset = try item(offset, depth: depth).next
        }
    }
}
