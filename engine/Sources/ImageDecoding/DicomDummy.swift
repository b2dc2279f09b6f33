import DicomElements

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
