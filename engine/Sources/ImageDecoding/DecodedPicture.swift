public import Domain

/// One frame as grey values, as a person sees it: orientation, window and polarity are applied.
public struct DecodedPicture: Sendable {
    public let inspection: PictureInspection
    /// Grey from 0 (black) to 255 (white), bone white, row by row from the top left. Fractions are kept where the file
    /// has more than 8 bits. `width * height` values.
    public let grey: [Float]
    /// Mean difference between the largest and the smallest colour channel, 0...1; 0 for grey files.
    public let colourfulness: Double

    /// In pixels; after the orientation is applied.
    public var width: Int { inspection.width }
    public var height: Int { inspection.height }

    /// - Precondition: `grey` has `width * height` values of the inspection.
    public init(inspection: PictureInspection, grey: [Float], colourfulness: Double) {
        precondition(grey.count == inspection.width * inspection.height)
        self.inspection = inspection
        self.grey = grey
        self.colourfulness = colourfulness
    }

    /// Measures the grey values for the quality gate.
    public func measurements() -> PictureMeasurements {
        let meter = PictureMeter()
        offer(to: meter)
        return meter.measurements(width: width, height: height, colourfulness: colourfulness)
    }

    /// Lets all rows go by a reader.
    func offer(to reader: some GreyRowsReader) {
        grey.withUnsafeBufferPointer { grey in
            guard let start = grey.baseAddress else { return }
            reader.read(GreyRows(top: 0, count: height, width: width, grey: start))
        }
    }
}
