internal import CDicom
import DicomElements
internal import Domain

/// A DICOM file: its meta information is read and its data set located; pixels stay where they are.
///
/// Source: DICOM PS3.10, section 7.1.
struct DicomFile {
    let syntaxUID: String
    let syntax: DicomTransferSyntax
    let dataSet: DicomDataSet
    /// Owns the bytes behind `dataSet` where they had to be inflated; the caller of the decoder owns them otherwise.
    let inflated: InflatedBytes?

    init(_ file: ByteView, inflatedLimit: Int) throws(PictureFault) {
        do {
            let start = file.has("DICM", at: 128) ? 132 : 0
            let meta = try DicomDataSet(
                file, encoding: .explicitLittle, from: start, to: file.count, onlyGroup: 0x0002)
            let uid = meta.ascii(DicomTags.transferSyntax)
            let guessed = DicomFile.guessedEncoding(file, at: meta.end)
            syntaxUID = uid ?? (guessed == .implicitLittle ? "1.2.840.10008.1.2" : "1.2.840.10008.1.2.1")
            guard let syntax = DicomTransferSyntax(uid: syntaxUID) else {
                throw PictureFault(
                    .unsupportedTransferSyntax,
                    "The pixels of this DICOM file are encoded with transfer syntax \(DicomTransferSyntax.printable(syntaxUID)), "
                        + "which is not read here. Please export it uncompressed or as JPEG 2000.")
            }
            self.syntax = syntax
            if case .deflated = syntax {
                let inflated = try InflatedBytes(file, from: meta.end, limit: inflatedLimit)
                self.inflated = inflated
                dataSet = try DicomDataSet(
                    inflated.view, encoding: .explicitLittle, from: 0, to: inflated.view.count)
            } else {
                inflated = nil
                // Some writers say one and write the other; the first element shows which.
                let encoding = syntax.encoding.order == .big ? syntax.encoding : guessed ?? syntax.encoding
                dataSet = try DicomDataSet(file, encoding: encoding, from: meta.end, to: file.count)
            }
        } catch let fault as PictureFault {
            throw fault
        } catch {
            throw .damaged
        }
    }

    /// Explicit or implicit little endian, judged by the element at `offset`; nil where it fits neither.
    private static func guessedEncoding(_ file: ByteView, at offset: Int) -> DicomEncoding? {
        guard let group = file.uint16(offset, .little), group >= 0x0004, group <= 0x0028 else { return nil }
        if let vr = file.uint16(offset + 4, .big), DicomVR.isPossible(vr) { return .explicitLittle }
        if let length = file.uint32(offset + 4, .little), file.holds(Int(length), at: offset + 8) {
            return .implicitLittle
        }
        return nil
    }

    /// Whether the file is a data set without the preamble of PS3.10: its first elements are of group 0002 or 0008, in
    /// rising order, and end inside the file.
    static func looksLikeBareDataSet(_ file: ByteView) -> Bool {
        guard let group = file.uint16(0, .little), group == 0x0002 || group == 0x0008,
            let first = file.uint16(2, .little), first <= 0x0018
        else { return false }
        var offset = 0
        var last: DicomTag = 0
        for _ in 0..<3 {
            guard let group = file.uint16(offset, .little), let element = file.uint16(offset + 2, .little) else {
                return false
            }
            let tag = DicomTag(group) << 16 | DicomTag(element)
            guard tag > last || offset == 0, group == 0x0002 || group == 0x0008 else { return false }
            last = tag
            if let vr = file.uint16(offset + 4, .big), DicomVR.isPossible(vr) {
                let isLong = DicomVR.hasLongLength(vr)
                let length =
                    isLong ? file.uint32(offset + 8, .little) : file.uint16(offset + 6, .little).map(UInt32.init)
                guard let length else { return false }
                offset += (isLong ? 12 : 8) + Int(length)
            } else {
                guard group == 0x0008, let length = file.uint32(offset + 4, .little) else { return false }
                offset += 8 + Int(length)
            }
            guard offset < file.count else { return false }
        }
        return true
    }
}

/// A deflated data set after inflation, of bounded size.
final class InflatedBytes {
    let view: ByteView

    init(_ file: ByteView, from offset: Int, limit: Int) throws(PictureFault) {
        guard let deflated = file.view(from: offset), let start = deflated.bytes.baseAddress else { throw .damaged }
        var count = 0
        guard
            let bytes = lb_dicom_inflate(
                start.assumingMemoryBound(to: UInt8.self), deflated.count, limit, &count)
        else { throw .damaged }
        view = ByteView(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    deinit {
        lb_dicom_free(UnsafeMutableRawPointer(mutating: view.bytes.baseAddress)?.assumingMemoryBound(to: UInt8.self))
    }
}
