// max_len 4200
import Resumable

/// Headers of resumable uploads. The input is a byte that says which header, and the header.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTus(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return -1 }
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let header = String(validating: input[1...], as: UTF8.self) else { return -1 }
    switch input[0] % 3 {
    case 0: checkNumber(header)
    case 1: checkMetadata(header)
    default: checkChecksum(header)
    }
    return 0
}

private func checkNumber(_ header: String) {
    guard let number = try? TusNumber.parse(header, of: "Upload-Length") else { return }
    guard number >= 0, "\(number)".utf8.elementsEqual(header.utf8.drop { $0 == 0x30 }) || number == 0 else {
        fatalError("another number than the header says")
    }
}

private func checkMetadata(_ header: String) {
    guard let metadata = try? UploadMetadata(header) else { return }
    guard metadata.values.count <= UploadMetadata.mostPairs,
        metadata.values.values.joined().count < header.utf8.count + 1
    else { fatalError("more metadata came out than went in") }
    for key in metadata.values.keys { _ = metadata.text(key) }
    let written = metadata.values.sorted { $0.key < $1.key }.map { "\($0.key) \(base64($0.value))" }
    let again = try? UploadMetadata(written.map { $0.trimmingTail }.joined(separator: ","))
    // Padding that was written without need may be longer than what is read.
    guard again == metadata || written.joined().utf8.count >= UploadMetadata.longest else {
        fatalError("metadata that was read and written again reads otherwise")
    }
}

private func checkChecksum(_ header: String) {
    guard let checksum = try? UploadChecksum(header) else { return }
    guard checksum.digest.count == checksum.algorithm.length else { fatalError("a digest of another length") }
    guard header.utf8.split(separator: UInt8(ascii: " ")).count == 2 else { fatalError("words behind the digest") }
    guard let again = try? UploadChecksum("\(checksum.algorithm.rawValue) \(base64(checksum.digest))"),
        again == checksum
    else { fatalError("a checksum that was read and written again reads otherwise") }
}

extension String {
    /// Without blanks at the end: a key without a value has none.
    fileprivate var trimmingTail: String {
        String(decoding: utf8.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
    }
}

/// RFC 4648, section 4.
private func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let three = bytes[start...].prefix(3)
        let word = three.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - three.count))
        for index in 0..<4 {
            text.append(index <= three.count ? letters[Int(word >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
