import Domain
import ImageDecoding

/// Small, so that no input takes long; sizes beyond are refused from the header, which is the larger part of the work.
private let limits = PictureLimits(maxBytes: 1 << 20, maxPixels: 1 << 16, maxEdge: 1024, minEdge: 1)
private let isPrepared = PictureDecoder.prepareProcess()

/// Whatever a file is, it is refused or read, and what is read keeps its promises.
func checkPicture(_ bytes: UnsafeRawBufferPointer, frame: Int) {
    guard isPrepared else { fatalError("the picture libraries don't start") }
    let decoder = PictureDecoder(limits: limits)
    let header = try? decoder.inspect(bytes)
    if let header {
        guard header.width >= 1, header.height >= 1, max(header.width, header.height) <= limits.maxEdge,
            header.width * header.height <= limits.maxPixels, header.frames >= 1,
            (1...16).contains(header.bitsPerSample), header.channels == 1 || header.channels == 3
        else { fatalError("an inspection outside the limits") }
    }
    let picture = try? decoder.decode(bytes, frame: frame)
    checkReading(decoder, bytes, frame: frame, picture)
    guard let picture else { return }
    guard let header else { fatalError("pixels of a file whose header is refused") }
    // Pages of a TIFF may differ in size; the header is that of the first.
    guard frame > 0 || picture.inspection == header else { fatalError("the pixels have another header") }
    guard picture.grey.count == picture.width * picture.height, picture.grey.count <= limits.maxPixels else {
        fatalError("another number of pixels than the header says")
    }
    guard picture.grey.allSatisfy({ $0 >= 0 && $0 <= 255 }) else { fatalError("grey outside 0 to 255") }
    guard picture.colourfulness >= 0, picture.colourfulness <= 1 else { fatalError("colour outside 0 to 1") }
    let measured = picture.measurements()
    guard (0...1.0001).contains(measured.mean), (0...1).contains(measured.contrast) else {
        fatalError("measurements outside 0 to 1")
    }
}

/// What is made of a picture for the page and for the model is made of those that can be decoded, and of no others.
private func checkReading(
    _ decoder: PictureDecoder, _ bytes: UnsafeRawBufferPointer, frame: Int, _ picture: DecodedPicture?
) {
    let adjustment = PictureAdjustment(turn: bytes.count % 4 * 90, mirror: bytes.count & 4 == 0, invert: frame == 1)
    let order = PictureOrder(frame: frame, adjustment: adjustment, previewEdges: [7, 64], measures: true)
    let read = try? decoder.read(bytes, order)
    // libvips hears of damage in the last rows of a JPEG too late, and where those begin depends on how far it shrinks.
    if (read == nil) != (picture == nil), (try? decoder.inspect(bytes))?.format == .jpeg { return }
    guard (read == nil) == (picture == nil) else { fatalError("a picture is read in one way and not in the other") }
    if let read, let picture {
        let swaps = adjustment.turn % 180 == 90
        guard read.inspection == picture.inspection,
            read.width == (swaps ? picture.height : picture.width),
            read.height == (swaps ? picture.width : picture.height), read.previews.count == 2,
            read.previews.allSatisfy({ $0.jpeg.starts(with: [0xFF, 0xD8]) })
        else { fatalError("a preview of another picture") }
    }
    do throws(PictureFault) {
        let isWhole = try decoder.samples(bytes, frame: frame) { piece in
            guard piece.count <= 1 << 20 else { fatalError("a piece longer than a frame takes") }
            return true
        }
        guard isWhole else { fatalError("samples end although nobody ended them") }
        guard picture != nil else { fatalError("samples of a picture that cannot be decoded") }
    } catch {
        guard picture == nil else { fatalError("a picture without samples") }
    }
}
