public import Domain

/// What is to be made of a picture in one go over its rows.
public struct PictureOrder: Sendable {
    /// Frame (DICOM) or page (TIFF), counted from 0.
    public var frame: Int
    public var adjustment: PictureAdjustment
    /// Longest edges of the previews, in pixels, at least 1; smaller pictures are not enlarged.
    public var previewEdges: [Int]
    /// The model that an input is made for.
    public var input: ModelManifest.Input?
    public var measures: Bool

    public init(
        frame: Int = 0, adjustment: PictureAdjustment = .none, previewEdges: [Int] = [],
        input: ModelManifest.Input? = nil, measures: Bool = false
    ) {
        self.frame = frame
        self.adjustment = adjustment
        self.previewEdges = previewEdges
        self.input = input
        self.measures = measures
    }
}

/// What was made of a picture.
public struct ReadPicture: Sendable {
    /// What the file says, without the adjustment.
    public let inspection: PictureInspection
    /// Size in pixels with the adjustment.
    public let width: Int
    public let height: Int
    /// A grey JPEG for each edge of the order, in its order.
    public let previews: [(edge: Int, jpeg: [UInt8])]
    /// Grey 0 (black) ... 255 (white), bone white, row by row, in the size of the model; empty where there is no model.
    public let input: [Float]
    /// nil where the order does not ask for it.
    public let measurements: PictureMeasurements?
}

extension PictureDecoder {
    /// Quality of the previews, 1...100.
    public static let previewQuality = 85

    /// Reads a frame to its end, once, and makes all that is ordered while its rows go by: the whole picture is in
    /// memory only where its format leaves no other way.
    ///
    /// A JPEG is shrunk while it is decoded as far as the largest of the results allows.
    /// - Throws: every ``PictureFault/Code``; nothing is made of a damaged picture.
    public func read(_ bytes: UnsafeRawBufferPointer, _ order: PictureOrder) throws(PictureFault) -> ReadPicture {
        try withFrame(bytes, frame: order.frame) { frame throws(PictureFault) in
            let orientation = frame.orientation.adjusted(by: order.adjustment)
            let shown = orientation.size(frame.width, frame.height)
            let input = order.input.map {
                FittedInput(
                    width: shown.width, height: shown.height, toWidth: $0.width, toHeight: $0.height,
                    fit: $0.resize.fit)
            }
            let sizes = order.previewEdges.map { fitted(width: shown.width, height: shown.height, longestEdge: $0) }

            var targets = sizes.map { size in
                ShrinkTarget(width: size.width, height: size.height, ofWidth: shown.width, ofHeight: shown.height)
            }
            if let input { targets.append(ShrinkTarget(input)) }
            let shrink = frame.shrinks ? ShrinkTarget.factor(for: targets) : 1

            let previews = sizes.map { size in
                let target = orientation.size(size.width, size.height)
                return TriangleShrink(
                    frame.whole(shrunkBy: shrink), toWidth: target.width, toHeight: target.height,
                    keepsFractions: false)
            }
            let pixels = input.map { input in
                let target = orientation.size(input.inner.width, input.inner.height)
                return TriangleShrink(
                    frame.stored(input.part, orientation, shrunkBy: shrink), toWidth: target.width,
                    toHeight: target.height, keepsFractions: true)
            }
            let meter = order.measures ? PictureMeter() : nil
            let readers: [(any GreyRowsReader)?] = previews + [pixels, meter]
            let colourfulness = try frame.forEachRow(
                shrink: shrink, invert: order.adjustment.invert, measuresColour: order.measures,
                readers: readers.compactMap(\.self))

            var jpegs: [(edge: Int, jpeg: [UInt8])] = []
            for (edge, preview) in zip(order.previewEdges, previews) {
                let size = orientation.size(preview.width, preview.height)
                jpegs.append(
                    (
                        edge,
                        try Self.greyJPEG(
                            orientation.shown(preview.wholeGreys, width: preview.width, height: preview.height),
                            width: size.width, height: size.height, quality: Self.previewQuality)
                    ))
            }
            return ReadPicture(
                inspection: frame.inspection, width: shown.width, height: shown.height, previews: jpegs,
                input: pixels.flatMap { pixels in
                    input?.framed(orientation.shown(pixels.greys, width: pixels.width, height: pixels.height))
                } ?? [],
                measurements: meter?.measurements(
                    width: shown.width, height: shown.height, colourfulness: colourfulness))
        }
    }

    /// Decodes one frame (DICOM) or page (TIFF), counted from 0, to grey.
    /// - Throws: every ``PictureFault/Code``; a damaged picture is never returned in part.
    public func decode(_ bytes: UnsafeRawBufferPointer, frame: Int = 0) throws(PictureFault) -> DecodedPicture {
        try withFrame(bytes, frame: frame) { frame throws(PictureFault) in
            let collector = GreyCollector(count: frame.width * frame.height)
            let colourfulness = try frame.forEachRow(
                shrink: 1, invert: false, measuresColour: true, readers: [collector])
            return DecodedPicture(
                inspection: frame.inspection,
                grey: frame.orientation.shown(collector.grey, width: frame.width, height: frame.height),
                colourfulness: colourfulness)
        }
    }
}

/// A result whose size limits how far a JPEG may be shrunk while it is decoded.
private struct ShrinkTarget {
    /// How many pixels of the picture, at least 1, become one of the result, along the edge where they are fewer.
    let scale: Double
    /// How many pixels of the shrunk picture have to become one of the result.
    let margin: Double

    /// A preview.
    init(width: Int, height: Int, ofWidth: Int, ofHeight: Int) {
        scale = min(Double(ofWidth) / Double(width), Double(ofHeight) / Double(height))
        margin = 1
    }

    /// A model's input: less than twice its size moves probabilities by more than 0.005 (docs/adr/0017).
    init(_ input: FittedInput) {
        scale = min(
            Double(input.part.width) / Double(input.inner.width), Double(input.part.height) / Double(input.inner.height)
        )
        margin = 2
    }

    /// The largest factor of libjpeg that leaves enough for all targets; 1 where there are none.
    static func factor(for targets: [ShrinkTarget]) -> Int {
        guard let most = targets.map({ $0.scale / $0.margin }).min() else { return 1 }
        return [8, 4, 2].first { Double($0) <= most } ?? 1
    }
}
