// max_len 32768
import Domain

@testable import ImageDecoding

/// Files of any kind. The input is a byte for the page, and the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzImage(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return -1 }
    let input = UnsafeRawBufferPointer(start: start, count: count)
    let file = UnsafeRawBufferPointer(rebasing: input[1...])
    let page = Int(input[0] & 3)
    // The header of every format is read from every file: what a file is must not depend on its first bytes alone.
    for format in PictureFormat.allCases {
        guard let header = try? RasterHeader.read(format, ByteView(file), frame: page) else { continue }
        guard header.width > 0, header.height > 0, header.frames > 0, (1...8).contains(header.orientation) else {
            fatalError("a header without a size")
        }
    }
    checkPicture(file, frame: page)
    return 0
}
