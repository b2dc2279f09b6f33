import DicomElements
import Foundation
import ReportDocuments

/// Why a document can't be made.
public struct DicomDocumentFault: Error, Sendable, Equatable {
    public enum Code: String, Sendable, CaseIterable {
        /// A value is longer than DICOM can state.
        case tooLong = "too-long"
        /// The gap has an odd number of bytes.
        case oddGap = "odd-gap"
        /// A UID that the object needs is none.
        case notAUID = "not-a-uid"
    }

    public var code: Code
    public var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// A data set with its class, to be written as a file.
struct DicomObject {
    var classUID: String
    /// All but the SOP Common module.
    var dataSet: DataSet
    var createdAt: Date
    /// Private coding schemes whose codes are in it.
    var codingSchemes: [CodingScheme] = []

    /// A file (PS3.10 chapter 7) that ends with the gap: the value of a private element, of a block that is ours.
    ///
    /// The SOP Instance UID is derived from all else that is in the object: no two different ones ever share it.
    func file(_ lengths: DataSet.Lengths = .explicit, gapLength: (Int) -> Int) throws(DicomDocumentFault)
        -> GappedDocument
    {
        guard let last = dataSet.lastTag, last < Self.blockCreator else {
            preconditionFailure("the gap comes last")
        }
        var dataSet = dataSet
        dataSet.set(0x0008_0005, .cs, "ISO_IR 192")
        dataSet.set(date: 0x0008_0012, time: 0x0008_0013, createdAt)
        dataSet.set(0x0008_0201, .sh, "+0000")
        if !codingSchemes.isEmpty { dataSet.set(0x0008_0110, items: codingSchemes.map(\.dataSet)) }
        dataSet.set(0x0008_0016, .ui, classUID)
        let instanceUID = DerivedUID.make(of: dataSet.encoded())
        dataSet.set(0x0008_0018, .ui, instanceUID)

        let encoding = DicomEncoding.explicitLittle
        var bytes =
            DicomFileHeader(
                syntax: "1.2.840.10008.1.2.1", classUID: Array(classUID.utf8), instanceUID: Array(instanceUID.utf8)
            ).bytes
        bytes += dataSet.encoded(lengths)
        bytes += encoding.element(Self.blockCreator, TextRepresentation.lo.code, Array("LIGHTBOX".utf8))
        // The header takes twelve bytes, whatever it states.
        let length = gapLength(bytes.count + 12)
        guard length >= 0, length % 2 == 0 else {
            throw DicomDocumentFault(.oddGap, "The gap for the seal must have an even number of bytes.")
        }
        guard length < UInt32.max else {
            throw DicomDocumentFault(.tooLong, "The gap for the seal is longer than an element can be.")
        }
        bytes += encoding.header(Self.seal, TextRepresentation.ut.code, length: UInt32(length))
        let gap = bytes.count..<bytes.count + length
        bytes += [UInt8](repeating: 0x20, count: length)
        return GappedDocument(bytes: bytes, gap: gap)
    }

    private static let blockCreator: DicomTag = 0x0099_0010
    private static let seal: DicomTag = 0x0099_1001
}
