import DicomElements
import Foundation

/// A data set that is written in Explicit VR Little Endian.
///
/// Source: DICOM PS3.5 chapters 6 and 7.
struct DataSet: Equatable {
    /// How the end of sequences and items is told.
    enum Lengths {
        case explicit, undefined
    }

    private enum Content: Equatable {
        /// An even number of bytes.
        case bytes([UInt8])
        case items([DataSet])
    }

    private struct Element: Equatable {
        var vr: UInt16
        var content: Content
    }

    private var elements: [DicomTag: Element] = [:]

    var lastTag: DicomTag? { elements.keys.max() }

    /// nil, and what the representation can't hold, gives an element without a value.
    mutating func set(_ tag: DicomTag, _ vr: TextRepresentation, _ text: String?) {
        set(tag, vr, values: text.map { [$0] } ?? [])
    }

    /// Several values, of a representation that may have them.
    mutating func set(_ tag: DicomTag, _ vr: TextRepresentation, values: [String]) {
        var bytes = Array(values.map { vr.value(of: $0) }.joined(separator: "\\").utf8)
        // A UID is padded with a zero, all other text with a blank.
        if bytes.count % 2 == 1 { bytes.append(vr == .ui ? 0 : 0x20) }
        elements[tag] = Element(vr: vr.code, content: .bytes(bytes))
    }

    /// Bytes without an order (OB).
    mutating func set(_ tag: DicomTag, bytes: [UInt8]) {
        elements[tag] = Element(
            vr: DicomVR.code("OB"), content: .bytes(bytes.count % 2 == 1 ? bytes + [0] : bytes))
    }

    mutating func set(_ tag: DicomTag, long value: UInt32) {
        elements[tag] = Element(
            vr: DicomVR.code("UL"), content: .bytes(DicomEncoding.explicitLittle.number(UInt64(value), bytes: 4)))
    }

    mutating func set(_ tag: DicomTag, double value: Double) {
        let bytes = DicomEncoding.explicitLittle.number(value.bitPattern, bytes: 8)
        elements[tag] = Element(vr: DicomVR.code("FD"), content: .bytes(bytes))
    }

    /// A whole number as text.
    mutating func set(_ tag: DicomTag, integer value: Int) {
        set(tag, .is, "\(value)")
    }

    mutating func set(_ tag: DicomTag, items: [DataSet]) {
        elements[tag] = Element(vr: DicomVR.sequence, content: .items(items))
    }

    /// Date and time of day, in UTC, into two elements.
    mutating func set(date: DicomTag, time: DicomTag, _ moment: Date) {
        let text = moment.dicomDateTime
        set(date, .da, String(text.prefix(8)))
        set(time, .tm, String(text.dropFirst(8)))
    }

    /// The text of a whole or decimal number in at most 16 characters; nil for what is no number.
    static func decimal(_ value: Double) -> String? {
        guard value.isFinite else { return nil }
        if let whole = Int(exactly: value), "\(whole)".utf8.count <= 16 { return "\(whole)" }
        let shortest = "\(value)"
        if shortest.utf8.count <= 16 { return shortest }
        return (1...16).reversed().lazy.map { String(format: "%.\($0)g", value) }.first { $0.utf8.count <= 16 }
    }

    func encoded(_ lengths: Lengths = .explicit) -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes, lengths)
        return bytes
    }

    private func append(to bytes: inout [UInt8], _ lengths: Lengths) {
        let encoding = DicomEncoding.explicitLittle
        for (tag, element) in elements.sorted(by: { $0.key < $1.key }) {
            switch element.content {
            case .bytes(let value):
                bytes += encoding.header(tag, element.vr, length: UInt32(value.count))
                bytes += value
            case .items(let items):
                var content: [UInt8] = []
                for item in items {
                    let inner = item.encoded(lengths)
                    content += encoding.header(Self.item, 0, length: lengths == .explicit ? UInt32(inner.count) : nil)
                    content += inner
                    if lengths == .undefined { content += encoding.header(Self.itemEnd, 0, length: 0) }
                }
                // One without items has nothing that a delimiter would have to end.
                let isDelimited = lengths == .undefined && !items.isEmpty
                bytes += encoding.header(tag, element.vr, length: isDelimited ? nil : UInt32(content.count))
                bytes += content
                if isDelimited { bytes += encoding.header(Self.sequenceEnd, 0, length: 0) }
            }
        }
    }

    private static let item: DicomTag = 0xFFFE_E000
    private static let itemEnd: DicomTag = 0xFFFE_E00D
    private static let sequenceEnd: DicomTag = 0xFFFE_E0DD
}

extension Date {
    /// `YYYYMMDDHHMMSS`, in UTC.
    var dicomDateTime: String {
        String(formatted(.iso8601).filter(\.isNumber))
    }
}
