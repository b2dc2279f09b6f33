// max_len 65536
import DicomElements
import Domain

@testable import ImageDecoding

/// Files that claim to be DICOM. The input is a byte of choices and what follows the preamble: with its lowest bit the
/// preamble and "DICM" are put in front, the next two bits are the frame.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDicom(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return -1 }
    let input = UnsafeBufferPointer(start: start, count: count)
    let preamble = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    let file = (input[0] & 1 == 1 ? preamble : []) + input[1...]
    file.withUnsafeBytes { bytes in
        readElements(ByteView(bytes))
        checkPicture(bytes, frame: Int(input[0] >> 1 & 3))
        checkDeidentified(bytes)
    }
    return 0
}

/// No element, no item may lie outside the bytes, however the data set is written.
private func readElements(_ view: ByteView) {
    for encoding in [DicomEncoding.explicitLittle, .implicitLittle, .explicitBig] {
        for start in [0, 132] where start <= view.count {
            guard let dataSet = try? DicomDataSet(view, encoding: encoding, from: start, to: view.count) else {
                continue
            }
            check(dataSet, depth: 0)
        }
    }
}

private func check(_ dataSet: DicomDataSet, depth: Int) {
    guard dataSet.end <= dataSet.view.count else { fatalError("a data set ends behind its bytes") }
    for (tag, element) in dataSet.elements {
        guard element.start >= 0, element.length >= 0, element.start + element.length <= dataSet.view.count else {
            fatalError("an element lies outside")
        }
        if let number = dataSet.number(tag), !number.isFinite { fatalError("a number that is none") }
        _ = DicomText(specificCharacterSet: dataSet.ascii(DicomTags.characterSet)).decodeName(dataSet.bytes(tag))
        if depth < 3 { for item in dataSet.items(tag, limit: 4) { check(item, depth: depth + 1) } }
    }
}

/// A copy without names is a DICOM file with the same picture, and says no name.
private func checkDeidentified(_ bytes: UnsafeRawBufferPointer) {
    let limits = PictureLimits(maxBytes: 1 << 20, maxPixels: 1 << 16, maxEdge: 1024, minEdge: 1)
    let writer = Deidentification(limits: limits, key: (1, 2))
    let pieces = Pieces()
    do {
        _ = try writer.write(bytes, pieceLength: 4096) { pieces.take($0) }
    } catch {
        guard error is PictureFault else { fatalError("a fault that is none of the picture's") }
        guard pieces.bytes.isEmpty else { fatalError("a part of a copy") }
        return
    }
    let decoder = PictureDecoder(
        limits: PictureLimits(maxBytes: 1 << 22, maxPixels: 1 << 16, maxEdge: 1024, minEdge: 1))
    guard let before = try? decoder.inspect(bytes) else { return }
    guard let after = try? pieces.bytes.withUnsafeBytes({ try decoder.inspect($0) }) else {
        fatalError("a copy that cannot be read")
    }
    guard after.width == before.width, after.height == before.height, after.frames == before.frames,
        after.bitsPerSample == before.bitsPerSample
    else { fatalError("a copy of another picture") }
    guard after.dicom?.patientName == nil || after.dicom?.patientName != before.dicom?.patientName else {
        fatalError("a copy with the name")
    }
}

/// Collects a copy.
private final class Pieces {
    private(set) var bytes: [UInt8] = []

    func take(_ piece: [UInt8]) {
        guard !piece.isEmpty, piece.count <= 4096 else { fatalError("a piece of another length") }
        bytes += piece
    }
}
