extension DicomEncoding {
    /// A number in this encoding's byte order.
    func number(_ value: UInt64, bytes: Int) -> [UInt8] {
        let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        return order == .little ? little : little.reversed()
    }

    func tag(_ tag: DicomTag) -> [UInt8] {
        number(UInt64(tag >> 16), bytes: 2) + number(UInt64(tag & 0xFFFF), bytes: 2)
    }

    /// The header of an element; `length` nil for an undefined one, which only some representations may have.
    func header(_ tag: DicomTag, _ vr: UInt16, length: UInt32?) -> [UInt8] {
        let isItem = tag >> 16 == 0xFFFE
        let length = UInt64(length ?? Reader.undefined)
        guard isExplicit, !isItem else { return self.tag(tag) + number(length, bytes: 4) }
        let letters = [UInt8(vr >> 8), UInt8(vr & 0xFF)]
        guard DicomVR.hasLongLength(vr) else { return self.tag(tag) + letters + number(length, bytes: 2) }
        return self.tag(tag) + letters + [0, 0] + number(length, bytes: 4)
    }

    /// - Precondition: the value has an even number of bytes, as many as the representation's length can state.
    func element(_ tag: DicomTag, _ vr: UInt16, _ value: [UInt8]) -> [UInt8] {
        precondition(value.count % 2 == 0)
        return header(tag, vr, length: UInt32(value.count)) + value
    }
}

extension Reader {
    /// A value that says nothing, for an element that must have one; empty where its representation has no such value.
    static func dummy(_ vr: UInt16, _ order: ByteOrder) -> [UInt8] {
        let text: String
        switch vr {
        case DicomVR.code("DA"): text = "19000101"
        case DicomVR.code("TM"): text = "000000"
        case DicomVR.code("DT"): text = "19000101000000"
        case DicomVR.code("AS"): text = "000Y"
        case DicomVR.code("DS"), DicomVR.code("IS"): text = "0 "
        case DicomVR.code("AE"), DicomVR.code("CS"), DicomVR.code("LO"), DicomVR.code("LT"), DicomVR.personName,
            DicomVR.code("SH"), DicomVR.code("ST"), DicomVR.code("UC"), DicomVR.code("UT"):
            text = "ANONYMIZED"
        case DicomVR.code("SS"), DicomVR.code("US"): return [0, 0]
        case DicomVR.code("FL"), DicomVR.code("SL"), DicomVR.code("UL"): return [0, 0, 0, 0]
        case DicomVR.code("FD"), DicomVR.code("SV"), DicomVR.code("UV"): return [0, 0, 0, 0, 0, 0, 0, 0]
        default: return []
        }
        return Array(text.utf8)
    }
}

/// Collects bytes and hands them on in pieces.
struct PieceSink {
    private var piece: [UInt8] = []
    private let length: Int
    private let take: (([UInt8]) throws -> Void)?

    /// - Parameter take: nil for a rehearsal, which writes nothing.
    init(length: Int, take: (([UInt8]) throws -> Void)?) {
        precondition(length > 0)
        self.length = length
        self.take = take
    }

    mutating func append(_ bytes: some Collection<UInt8>) throws {
        guard let take else { return }
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(length - piece.count)
            piece += part
            rest = rest.dropFirst(part.count)
            if piece.count == length {
                try take(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
    }

    /// Hands on what is left.
    mutating func finish() throws {
        guard let take, !piece.isEmpty else { return }
        try take(piece)
        piece = []
    }
}
