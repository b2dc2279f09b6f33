/// Writes small DICOM files, element by element.
struct DicomWriter {
    enum Encoding { case explicitLittle, implicitLittle, explicitBig }

    /// One data element. `vr` is two letters.
    struct Element {
        var tag: Int
        var vr: String
        var value: Value

        enum Value {
            case bytes([UInt8])
            /// Numbers of 16 bits.
            case words([Int])
            case items([[Element]], undefinedLength: Bool)
            /// Encapsulated pixels; the first fragment is the offset table.
            case fragments([[UInt8]])
        }

        static func text(_ tag: Int, _ vr: String, _ text: String) -> Element {
            let bytes = Array(text.utf8)
            return Element(tag: tag, vr: vr, value: .bytes(bytes + (bytes.count % 2 == 1 ? [0x20] : [])))
        }

        static func words(_ tag: Int, _ vr: String = "US", _ values: Int...) -> Element {
            Element(tag: tag, vr: vr, value: .words(values))
        }

        static func bytes(_ tag: Int, _ vr: String, _ bytes: [UInt8]) -> Element {
            Element(tag: tag, vr: vr, value: .bytes(bytes + (bytes.count % 2 == 1 ? [0] : [])))
        }

        static func items(_ tag: Int, _ items: [Element]..., undefinedLength: Bool = false) -> Element {
            Element(tag: tag, vr: "SQ", value: .items(items, undefinedLength: undefinedLength))
        }
    }

    var syntax = "1.2.840.10008.1.2.1"
    var encoding = Encoding.explicitLittle
    /// Without it: no preamble and no group 0002.
    var hasMeta = true
    var preamble = [UInt8](repeating: 0, count: 128)

    func write(_ elements: [Element]) -> [UInt8] {
        let sorted = elements.sorted { $0.tag < $1.tag }
        let dataSet = encode(sorted, encoding)
        return hasMeta ? meta + dataSet : dataSet
    }

    /// The file up to the data set.
    var meta: [UInt8] {
        let group = encode(
            [.bytes(0x0002_0001, "OB", [0, 1]), .text(0x0002_0010, "UI", syntax)], .explicitLittle)
        return preamble + Array("DICM".utf8)
            + encode(
                [Element(tag: 0x0002_0000, vr: "UL", value: .bytes(littleEndian(group.count, 4)))], .explicitLittle)
            + group
    }

    func encode(_ elements: [Element], _ encoding: Encoding) -> [UInt8] {
        elements.flatMap { encode($0, encoding) }
    }

    private func number(_ value: Int, _ width: Int, _ encoding: Encoding) -> [UInt8] {
        encoding == .explicitBig ? bigEndian(value, width) : littleEndian(value, width)
    }

    private func tag(_ tag: Int, _ encoding: Encoding) -> [UInt8] {
        number(tag >> 16, 2, encoding) + number(tag & 0xFFFF, 2, encoding)
    }

    private func encode(_ element: Element, _ encoding: Encoding) -> [UInt8] {
        let value: [UInt8]
        var isUndefined = false
        switch element.value {
        case .bytes(let bytes): value = bytes
        case .words(let words): value = words.flatMap { number($0, 2, encoding) }
        case .items(let items, let undefined):
            isUndefined = undefined
            let all = items.flatMap { item in
                let body = encode(item, encoding)
                let end = undefined ? tag(0xFFFE_E00D, encoding) + number(0, 4, encoding) : []
                return tag(0xFFFE_E000, encoding) + number(undefined ? -1 : body.count, 4, encoding) + body + end
            }
            value = all + (undefined ? tag(0xFFFE_E0DD, encoding) + number(0, 4, encoding) : [])
        case .fragments(let fragments):
            isUndefined = true
            let all = fragments.flatMap { fragment in
                let body = fragment + (fragment.count % 2 == 1 ? [0] : [])
                return tag(0xFFFE_E000, encoding) + number(body.count, 4, encoding) + body
            }
            value = all + tag(0xFFFE_E0DD, encoding) + number(0, 4, encoding)
        }
        let length = isUndefined ? -1 : value.count
        let head = tag(element.tag, encoding)
        if encoding == .implicitLittle { return head + number(length, 4, encoding) + value }
        let isLong = ["OB", "OW", "SQ", "UN", "UT"].contains(element.vr)
        return head + Array(element.vr.utf8) + (isLong ? [0, 0] : [])
            + number(length, isLong ? 4 : 2, encoding) + value
    }
}

extension DicomWriter {
    /// What an image needs besides its pixels.
    static func image(
        rows: Int, columns: Int, allocated: Int = 16, stored: Int? = nil, high: Int? = nil, signed: Bool = false,
        photometric: String = "MONOCHROME2"
    ) -> [Element] {
        let stored = stored ?? allocated
        return [
            .words(0x0028_0002, "US", 1), .text(0x0028_0004, "CS", photometric), .words(0x0028_0010, "US", rows),
            .words(0x0028_0011, "US", columns), .words(0x0028_0100, "US", allocated),
            .words(0x0028_0101, "US", stored), .words(0x0028_0102, "US", high ?? stored - 1),
            .words(0x0028_0103, "US", signed ? 1 : 0),
        ]
    }

    /// 16-bit pixels, one row.
    static func pixels(_ values: [Int]) -> Element {
        Element(tag: 0x7FE0_0010, vr: "OW", value: .words(values))
    }

    static func fragments(_ fragments: [[UInt8]]) -> Element {
        Element(tag: 0x7FE0_0010, vr: "OB", value: .fragments(fragments))
    }

    static func window(_ centre: String, _ width: String, _ function: String? = nil) -> [Element] {
        [.text(0x0028_1050, "DS", centre), .text(0x0028_1051, "DS", width)]
            + (function.map { [.text(0x0028_1056, "CS", $0)] } ?? [])
    }
}
