internal import CDicom
import DicomElements
internal import Domain

/// Goes through a data set element by element and writes it anew, cleaned, to a sink.
///
/// Every length is checked as ``DicomDataSet`` does, sequences may nest as deep as there, and memory does not grow with
/// the file: what stays is copied piece by piece.
struct DicomCleaner {
    private let dataSet: DicomDataSet
    private let uids: ReplacementUIDs
    private let profile = DeidentificationProfile.standard
    var sink: PieceSink
    /// What was changed, by tag; no more than ``changeLimit`` elements are told.
    private(set) var changes: [DicomTag: DeidentifiedElement] = [:]
    /// (0008,0016) and (0008,0018) as the file has them, where they are UIDs.
    private(set) var classUID: [UInt8]?
    private(set) var instanceUID: [UInt8]?
    private var pending: ArraySlice<(tag: DicomTag, bytes: [UInt8])>

    static let changeLimit = 2000

    init(_ dataSet: DicomDataSet, uids: ReplacementUIDs, sink: PieceSink) {
        self.dataSet = dataSet
        self.uids = uids
        self.sink = sink
        pending = Self.statements(dataSet.encoding)[...]
    }

    /// - Throws: ``PictureFault`` with `damaged-picture`, and what the sink throws.
    mutating func clean() throws {
        let reader = Reader(view: dataSet.view, encoding: dataSet.encoding, end: dataSet.view.count)
        var offset = dataSet.start
        var hasPixels = false
        while offset < reader.end {
            guard let header = try? reader.header(offset), header.tag != Reader.itemEnd,
                let next = try? reader.element(header, depth: 0).next
            else {
                // Behind the pixels some writers leave what is no element; it is not carried over.
                guard hasPixels || offset == dataSet.end else { throw PictureFault.damaged }
                break
            }
            try state(before: header.tag)
            if !Self.stated.contains(header.tag) {
                try write(header, offset..<next, reader, depth: 0)
            }
            hasPixels = hasPixels || header.tag == DicomTags.pixelData
            offset = next
        }
        try state(before: .max)
    }

    // MARK: One element

    private mutating func write(_ header: Reader.Header, _ extent: Range<Int>, _ reader: Reader, depth: Int) throws {
        let tag = header.tag
        // Lengths of groups are not right any more; groups below 8 are no part of a data set.
        guard tag & 0xFFFF != 0, tag >> 16 >= 0x0008 else { return }
        let known = lb_dicom_vr(tag)
        if depth == 0 { remember(header, reader) }
        guard let rule = profile.rule(tag, vr: header.vr, known: known) else {
            return try keep(header, extent, reader, known: known, depth: depth)
        }
        let isSequence = sequence(header, known: known, reader) != nil
        switch rule.action {
        case .remove: note(tag, rule, .removed)
        case .cleanItems: try keep(header, extent, reader, known: known, depth: depth)
        case .empty: try empty(header, rule, reader)
        case .dummy:
            let vr = header.vr == 0 || header.vr == Reader.vrUN ? known : header.vr
            let value = vr == DicomVR.code("UI") ? uids.replacement([]) : Reader.dummy(vr, reader.encoding.order)
            guard !isSequence, !value.isEmpty, header.length != 0 else { return try empty(header, rule, reader) }
            try write(header, value + (value.count % 2 == 1 ? [0] : []), reader)
            note(tag, rule, .replaced)
        case .replaceUIDs:
            guard !isSequence, header.length != 0, let value = reader.value(header) else {
                return try empty(header, rule, reader)
            }
            try write(header, uids.replacements(value.bytes, limit: 0xFFFE), reader)
            note(tag, rule, .replaced)
        }
    }

    private mutating func empty(_ header: Reader.Header, _ rule: DeidentificationProfile.Rule, _ reader: Reader) throws
    {
        try write(header, [], reader)
        if header.length != 0 { note(header.tag, rule, .emptied) }
    }

    private mutating func write(_ header: Reader.Header, _ value: [UInt8], _ reader: Reader) throws {
        try sink.append(reader.encoding.element(header.tag, header.vr, value))
    }

    /// Copies an element, item by item where it has some.
    private mutating func keep(
        _ header: Reader.Header, _ extent: Range<Int>, _ reader: Reader, known: UInt16, depth: Int
    ) throws {
        if let inner = sequence(header, known: known, reader) {
            guard isSound(header, extent, inner, depth: depth) else {
                let rule = DeidentificationProfile.Rule(action: .empty, keyword: "DamagedSequence")
                return try empty(header, rule, reader)
            }
            return try writeItems(header, extent, reader, inner, depth: depth)
        }
        // Only pixels may have fragments.
        guard header.length != Reader.undefined || header.tag == DicomTags.pixelData else {
            return note(
                header.tag, DeidentificationProfile.Rule(action: .remove, keyword: "OtherElement"), .removed)
        }
        try sink.append(reader.view.bytes[extent])
    }

    // MARK: Sequences

    /// How the items of an element are encoded; nil where it is no sequence.
    private func sequence(_ header: Reader.Header, known: UInt16, _ reader: Reader) -> DicomEncoding? {
        if header.vr == DicomVR.sequence { return reader.encoding }
        let isUndefined = header.length == Reader.undefined
        if header.vr == 0, isUndefined ? header.tag != DicomTags.pixelData : known == DicomVR.sequence {
            return reader.encoding
        }
        // CP-246.
        return header.vr == Reader.vrUN && (isUndefined || known == DicomVR.sequence) ? .implicitLittle : nil
    }

    private mutating func writeItems(
        _ header: Reader.Header, _ extent: Range<Int>, _ outer: Reader, _ inner: DicomEncoding, depth: Int
    ) throws {
        try sink.append(outer.encoding.header(header.tag, header.vr, length: nil))
        for item in items(header, extent, inner, depth: depth) ?? [] {
            try sink.append(inner.header(Reader.itemStart, 0, length: nil))
            let reader = Reader(view: dataSet.view, encoding: inner, end: item.upperBound)
            var offset = item.lowerBound
            while offset < item.upperBound {
                let header = try element(at: offset, reader)
                let next = try end(of: header, reader, depth: depth + 1)
                try write(header, offset..<next, reader, depth: depth + 1)
                offset = next
            }
            try sink.append(inner.header(Reader.itemEnd, 0, length: 0))
        }
        try sink.append(inner.header(Reader.sequenceEnd, 0, length: 0))
    }

    /// Where the items of a sequence lie, without their headers; nil where they cannot be told.
    private func items(
        _ header: Reader.Header, _ extent: Range<Int>, _ encoding: DicomEncoding, depth: Int
    ) -> [Range<Int>]? {
        let reader = Reader(view: dataSet.view, encoding: encoding, end: extent.upperBound)
        var found: [Range<Int>] = []
        var offset = header.start
        while offset < extent.upperBound {
            if header.length == Reader.undefined, let end = try? reader.header(offset), end.tag == Reader.sequenceEnd {
                return found
            }
            guard let item = try? reader.item(offset, depth: depth + 1) else { return nil }
            found.append(item.start..<item.start + item.length)
            offset = item.next
        }
        return found
    }

    /// Whether all that is in a sequence can be read.
    private func isSound(
        _ header: Reader.Header, _ extent: Range<Int>, _ encoding: DicomEncoding, depth: Int
    ) -> Bool {
        guard depth < DicomDataSet.nestingLimit, let items = items(header, extent, encoding, depth: depth) else {
            return false
        }
        for item in items {
            let reader = Reader(view: dataSet.view, encoding: encoding, end: item.upperBound)
            var offset = item.lowerBound
            while offset < item.upperBound {
                guard let header = try? reader.header(offset), header.tag >> 16 != 0xFFFE,
                    let next = try? reader.element(header, depth: depth + 1).next
                else { return false }
                if let inner = sequence(header, known: lb_dicom_vr(header.tag), reader),
                    !isSound(header, offset..<next, inner, depth: depth + 1)
                {
                    return false
                }
                offset = next
            }
        }
        return true
    }

    private func element(at offset: Int, _ reader: Reader) throws -> Reader.Header {
        do { return try reader.header(offset) } catch { throw PictureFault.damaged }
    }

    private func end(of header: Reader.Header, _ reader: Reader, depth: Int) throws -> Int {
        do { return try reader.element(header, depth: depth).next } catch { throw PictureFault.damaged }
    }

    // MARK: What is told

    private mutating func note(
        _ tag: DicomTag, _ rule: DeidentificationProfile.Rule, _ action: DeidentifiedElement.Action
    ) {
        guard changes[tag] == nil, changes.count < Self.changeLimit else { return }
        func hexadecimal(_ number: DicomTag) -> String {
            let digits = String(number, radix: 16, uppercase: true)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }
        changes[tag] = DeidentifiedElement(
            tag: "(\(hexadecimal(tag >> 16)),\(hexadecimal(tag & 0xFFFF)))", name: rule.keyword, action: action)
    }

    private mutating func remember(_ header: Reader.Header, _ reader: Reader) {
        guard header.tag == 0x0008_0016 || header.tag == 0x0008_0018, let value = reader.value(header) else { return }
        let digits = value.bytes.filter { $0 != 0 && $0 != 0x20 }
        guard !digits.isEmpty, digits.count <= 64 else { return }
        if header.tag == 0x0008_0018 {
            instanceUID = instanceUID ?? digits
        } else if digits.allSatisfy({ $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        {
            classUID = classUID ?? digits
        }
    }

    // MARK: What the profile has written into the file

    /// Writes the statements whose place is before an element.
    private mutating func state(before tag: DicomTag) throws {
        while let first = pending.first, first.tag < tag {
            try sink.append(first.bytes)
            pending.removeFirst()
        }
    }

    private static let stated: Set<DicomTag> = [0x0012_0062, 0x0012_0063, 0x0012_0064, 0x0028_0303]

    /// Patient Identity Removed, De-identification Method and its code (PS3.16, CID 7050), Longitudinal Temporal
    /// Information Modified (PS3.15 section E.2; PS3.3 sections C.2.2.3 and C.12.1.1.7).
    private static func statements(_ encoding: DicomEncoding) -> [(tag: DicomTag, bytes: [UInt8])] {
        func text(_ tag: DicomTag, _ vr: StaticString, _ text: String) -> [UInt8] {
            encoding.element(tag, DicomVR.code(vr), Array(text.utf8) + (text.utf8.count % 2 == 1 ? [0x20] : []))
        }
        let code =
            text(0x0008_0100, "SH", "113100") + text(0x0008_0102, "SH", "DCM")
            + text(0x0008_0104, "LO", "Basic Application Confidentiality Profile")
        let item = encoding.header(Reader.itemStart, 0, length: UInt32(code.count)) + code
        return [
            (0x0012_0062, text(0x0012_0062, "CS", "YES")),
            (0x0012_0063, text(0x0012_0063, "LO", "Lightbox: PS3.15 table E.1-1, Basic Profile")),
            (0x0012_0064, encoding.element(0x0012_0064, DicomVR.sequence, item)),
            (0x0028_0303, text(0x0028_0303, "CS", "REMOVED")),
        ]
    }
}

extension Reader {
    /// The value of an element of defined length.
    func value(_ header: Header) -> ByteView? {
        header.length == Self.undefined ? nil : view.view(at: header.start, length: Int(header.length))
    }
}
