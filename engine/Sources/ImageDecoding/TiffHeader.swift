/// The directories of a TIFF or BigTIFF file.
///
/// Source: TIFF 6.0, section 2; BigTIFF as in libtiff.
struct TiffFile {
    enum Tag: UInt16 {
        case imageWidth = 256
        case imageLength = 257
        case bitsPerSample = 258
        case photometric = 262
        case orientation = 274
        case samplesPerPixel = 277
        case tileWidth = 322
        case tileLength = 323
        case sampleFormat = 339
    }

    /// More pages than this are not counted.
    static let pageLimit = 4096

    let view: ByteView
    let order: ByteOrder
    let isBig: Bool

    init?(_ view: ByteView) {
        self.view = view
        if view.has("II") {
            order = .little
        } else if view.has("MM") {
            order = .big
        } else {
            return nil
        }
        switch view.uint16(2, order) {
        case 42: isBig = false
        case 43 where view.uint16(4, order) == 8: isBig = true
        default: return nil
        }
    }

    struct Directory {
        let file: TiffFile
        let offset: Int
        let entries: Int

        private var size: Int { file.isBig ? 20 : 12 }
        private var start: Int { offset + (file.isBig ? 8 : 2) }

        /// Offset of the next directory; 0 after the last one.
        var next: Int? { file.offset(at: start + entries * size) }

        /// The first value of an entry, where it is a whole number.
        func number(_ tag: Tag) -> Int? {
            for index in 0..<entries {
                let entry = start + index * size
                guard let found = file.view.uint16(entry, file.order) else { return nil }
                if found == tag.rawValue { return value(entry) }
            }
            return nil
        }

        private func value(_ entry: Int) -> Int? {
            let view = file.view
            guard let type = view.uint16(entry + 2, file.order), let count = file.offset(at: entry + 4) else {
                return nil
            }
            let width: Int
            switch type {
            case 1: width = 1
            case 3: width = 2
            case 4: width = 4
            case 16: width = 8
            default: return nil
            }
            let room = file.isBig ? 8 : 4
            guard count > 0, count <= view.count else { return nil }
            let inside = entry + 4 + room
            guard let place = count * width <= room ? inside : file.offset(at: inside) else { return nil }
            switch width {
            case 1: return view.uint8(place).map(Int.init)
            case 2: return view.uint16(place, file.order).map(Int.init)
            case 4: return view.uint32(place, file.order).map(Int.init)
            default: return view.int64(place, file.order)
            }
        }
    }

    func offset(at place: Int) -> Int? {
        isBig ? view.int64(place, order) : view.uint32(place, order).map(Int.init)
    }

    private func directory(at offset: Int) -> Directory? {
        guard offset > 0 else { return nil }
        let entries = isBig ? view.int64(offset, order) : view.uint16(offset, order).map(Int.init)
        guard let entries, entries > 0, entries <= 65535 else { return nil }
        return Directory(file: self, offset: offset, entries: entries)
    }

    /// The directory of page `page`, counted from 0.
    func directory(_ page: Int) -> Directory? {
        guard page < Self.pageLimit, var place = offset(at: isBig ? 8 : 4) else { return nil }
        for _ in 0..<page {
            guard let next = directory(at: place)?.next, next != 0 else { return nil }
            place = next
        }
        return directory(at: place)
    }

    /// How many pages the chain of directories has, and whether it ends as it should.
    var pages: (count: Int, isWhole: Bool) {
        var count = 0
        var seen: Set<Int> = []
        var place = offset(at: isBig ? 8 : 4)
        while let offset = place, offset != 0 {
            guard count < Self.pageLimit, seen.insert(offset).inserted, let directory = directory(at: offset) else {
                return (count, false)
            }
            count += 1
            place = directory.next
        }
        return (count, place == 0)
    }
}

extension RasterHeader {
    static func tiff(_ view: ByteView, page: Int) -> RasterHeader? {
        guard let file = TiffFile(view) else { return nil }
        let pages = file.pages
        guard let directory = file.directory(min(page, max(0, pages.count - 1))),
            let width = directory.number(.imageWidth),
            let height = directory.number(.imageLength)
        else { return nil }
        let bits = directory.number(.bitsPerSample) ?? 1
        let photometric = directory.number(.photometric) ?? 1
        var header = RasterHeader(
            width: width, height: height, bitsPerSample: photometric == 3 ? 8 : bits,
            channels: photometric <= 1 || photometric == 4 ? 1 : 3)
        header.frames = max(1, pages.count)
        header.isComplete = pages.isWhole
        if let orientation = directory.number(.orientation), (1...8).contains(orientation) {
            header.orientation = orientation
        }
        let samples = directory.number(.sampleFormat) ?? 1
        if ![1, 2, 4, 8, 16].contains(bits) || (samples != 1 && samples != 4) {
            header.unsupported = "a TIFF whose samples are not whole numbers of 1, 2, 4, 8 or 16 bits"
        }
        if let across = directory.number(.tileWidth), let down = directory.number(.tileLength),
            across <= 0 || down <= 0 || across > 1 << 14 || down > 1 << 14 || across * down > 1 << 24
        {
            header.unsupported = "a TIFF with unusually large tiles"
        }
        return header
    }
}
