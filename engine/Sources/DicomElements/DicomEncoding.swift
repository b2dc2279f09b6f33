/// A DICOM tag: group and element in one number, as `0x0028_0010`.
package typealias DicomTag = UInt32

/// How the elements of a data set are written.
package struct DicomEncoding: Equatable, Sendable {
    /// Whether the lowest byte of a number comes first.
    package let isLittleEndian: Bool
    /// Whether each element states its value representation.
    package let isExplicit: Bool

    package static let implicitLittle = DicomEncoding(isLittleEndian: true, isExplicit: false)
    package static let explicitLittle = DicomEncoding(isLittleEndian: true, isExplicit: true)
    package static let explicitBig = DicomEncoding(isLittleEndian: false, isExplicit: true)

    /// The length of what ends with a delimiter.
    package static let undefinedLength: UInt32 = 0xFFFF_FFFF
}

extension DicomEncoding {
    /// A number in this encoding's byte order.
    package func number(_ value: UInt64, bytes: Int) -> [UInt8] {
        let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        return isLittleEndian ? little : little.reversed()
    }

    package func tag(_ tag: DicomTag) -> [UInt8] {
        number(UInt64(tag >> 16), bytes: 2) + number(UInt64(tag & 0xFFFF), bytes: 2)
    }

    /// The header of an element; `length` nil for an undefined one, which only some representations may have.
    package func header(_ tag: DicomTag, _ vr: UInt16, length: UInt32?) -> [UInt8] {
        let isItem = tag >> 16 == 0xFFFE
        let length = UInt64(length ?? Self.undefinedLength)
        guard isExplicit, !isItem else { return self.tag(tag) + number(length, bytes: 4) }
        let letters = [UInt8(vr >> 8), UInt8(vr & 0xFF)]
        guard DicomVR.hasLongLength(vr) else { return self.tag(tag) + letters + number(length, bytes: 2) }
        return self.tag(tag) + letters + [0, 0] + number(length, bytes: 4)
    }

    /// - Precondition: the value has an even number of bytes, as many as the representation's length can state.
    package func element(_ tag: DicomTag, _ vr: UInt16, _ value: [UInt8]) -> [UInt8] {
        precondition(value.count % 2 == 0)
        return header(tag, vr, length: UInt32(value.count)) + value
    }
}
