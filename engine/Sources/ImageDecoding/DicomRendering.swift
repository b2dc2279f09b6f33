import DicomElements
internal import Glibc

/// From stored values to what is shown: modality transform, then values of interest, then polarity.
///
/// Source: DICOM PS3.3, sections C.7.6.3.1.2, C.11.1 and C.11.2; PS3.4 section N.2 for the order.
struct DicomRendering {
    /// What the modality transform gives from a stored value.
    enum Modality {
        case linear(slope: Double, intercept: Double)
        case table(DicomLookupTable)

        func value(_ stored: Int) -> Double {
            switch self {
            case .linear(let slope, let intercept): Double(stored) * slope + intercept
            case .table(let table): table.value(Double(stored))
            }
        }
    }

    /// Which modality values are shown, and how.
    enum Window: Equatable {
        case linear(centre: Double, width: Double)
        case linearExact(centre: Double, width: Double)
        case sigmoid(centre: Double, width: Double)
        case table(DicomLookupTable)
        /// From black to white between two values: for files without a window.
        case range(Double, Double)

        /// Shown brightness, 0...1.
        func brightness(_ value: Double) -> Double {
            let shown: Double
            switch self {
            case .linear(let centre, let width):
                let half = (width - 1) / 2
                let middle = centre - 0.5
                if value <= middle - half { return 0 }
                if value > middle + half { return 1 }
                shown = (value - middle) / (width - 1) + 0.5
            case .linearExact(let centre, let width):
                if value <= centre - width / 2 { return 0 }
                if value > centre + width / 2 { return 1 }
                shown = (value - centre) / width + 0.5
            case .sigmoid(let centre, let width):
                shown = 1 / (1 + exp(-4 * (value - centre) / width))
            case .table(let table):
                shown = table.value(value) / table.full
            case .range(let low, let high):
                shown = high > low ? (value - low) / (high - low) : 0
            }
            return min(1, max(0, shown))
        }
    }

    let format: DicomSampleFormat
    let isInverted: Bool
    let modality: Modality
    /// nil where the file has none: then the pixels decide, see ``DicomFrame``.
    let window: Window?
    /// All windows of the file that make sense.
    let windows: [NamedWindow]
    /// Stored values that fill the area outside the image; they are shown black.
    let padding: ClosedRange<Int>?

    init(_ dataSet: DicomDataSet, frame: Int, format: DicomSampleFormat, isInverted: Bool) {
        self.format = format
        self.isInverted = isInverted
        // Enhanced images keep these attributes in functional groups, for one frame or for all (C.7.6.16).
        let groups =
            dataSet.items(DicomTags.perFrameGroups, limit: frame + 1).dropFirst(frame)
            + dataSet.items(DicomTags.sharedGroups, limit: 1)
        let transformations = [dataSet] + groups.flatMap { $0.items(DicomTags.pixelValueTransformation, limit: 1) }
        let sources = [dataSet] + groups.flatMap { $0.items(DicomTags.frameVOI, limit: 1) }
        modality = Self.modality(dataSet, transformations, format)
        window = Self.window(dataSet, sources)
        windows = Self.named(dataSet, sources)
        padding = Self.padding(dataSet, format)
    }

    private static func modality(
        _ dataSet: DicomDataSet, _ sources: [DicomDataSet], _ format: DicomSampleFormat
    ) -> Modality {
        if let item = dataSet.items(DicomTags.modalityLUT, limit: 1).first,
            let table = DicomLookupTable(item, firstIsSigned: format.isSigned)
        {
            return .table(table)
        }
        for source in sources {
            if let slope = source.number(DicomTags.rescaleSlope), slope != 0 {
                return .linear(slope: slope, intercept: source.number(DicomTags.rescaleIntercept) ?? 0)
            }
        }
        return .linear(slope: 1, intercept: dataSet.number(DicomTags.rescaleIntercept) ?? 0)
    }

    private static func window(_ dataSet: DicomDataSet, _ sources: [DicomDataSet]) -> Window? {
        if let item = dataSet.items(DicomTags.voiLUT, limit: 1).first,
            let table = DicomLookupTable(item, firstIsSigned: true)
        {
            return .table(table)
        }
        for source in sources {
            if let first = Self.windows(source).first { return first.window }
        }
        return nil
    }

    /// The windows of one set of attributes that make sense, in their order, each with its place in the attributes.
    private static func windows(_ source: DicomDataSet) -> [(window: Window, number: Int)] {
        let centres = source.numbers(DicomTags.windowCentre)
        let widths = source.numbers(DicomTags.windowWidth)
        let function = source.ascii(DicomTags.windowFunction)?.uppercased()
        return zip(centres, widths).enumerated().compactMap { number, pair in
            guard let centre = pair.0, let width = pair.1 else { return nil }
            switch function {
            case "SIGMOID": return width > 0 ? (.sigmoid(centre: centre, width: width), number) : nil
            case "LINEAR_EXACT": return width > 0 ? (.linearExact(centre: centre, width: width), number) : nil
            default: return width >= 1 ? (.linear(centre: centre, width: width), number) : nil
            }
        }
    }

    /// A window with the words that the file has for it (0028,1055).
    struct NamedWindow {
        let window: Window
        let name: String?
    }

    /// All windows of the first set of attributes that has any; the first is the one that is shown.
    private static func named(_ dataSet: DicomDataSet, _ sources: [DicomDataSet]) -> [NamedWindow] {
        let text = DicomText(specificCharacterSet: dataSet.ascii(DicomTags.characterSet))
        for source in sources {
            let found = windows(source)
            if found.isEmpty { continue }
            let names = text.decode(source.bytes(DicomTags.windowExplanation))?
                .split(separator: "\\", omittingEmptySubsequences: false)
                .map { $0.drop(while: { $0 == " " }) }
            return found.map { window, number in
                let name = names.flatMap { $0.indices.contains(number) ? String($0[number]) : nil }
                return NamedWindow(window: window, name: name.flatMap { $0.isEmpty ? nil : $0 })
            }
        }
        return []
    }

    private static func padding(_ dataSet: DicomDataSet, _ format: DicomSampleFormat) -> ClosedRange<Int>? {
        func stored(_ tag: DicomTag) -> Int? {
            guard let value = dataSet.uint16(tag) else { return nil }
            return format.isSigned ? Int(Int16(bitPattern: value)) : Int(value)
        }
        guard let value = stored(DicomTags.pixelPadding) else { return nil }
        let limit = stored(DicomTags.pixelPaddingLimit) ?? value
        return min(value, limit)...max(value, limit)
    }

    func isPadding(_ stored: Int) -> Bool {
        padding?.contains(stored) ?? false
    }

    /// Grey of a stored value, 0...255.
    func grey(_ stored: Int, _ window: Window) -> Float {
        isPadding(stored) ? 0 : shade(window.brightness(modality.value(stored)))
    }

    /// Grey of a brightness of 0...1, with the polarity of the picture.
    func shade(_ brightness: Double) -> Float {
        Float((isInverted ? 1 - brightness : brightness) * 255)
    }
}

/// A lookup table of the Modality LUT or VOI LUT module.
///
/// Source: DICOM PS3.3, sections C.11.1.1 and C.11.2.1.1.
struct DicomLookupTable: Equatable {
    /// Input that gives the first entry; smaller ones do too.
    let first: Int
    let entries: [UInt16]
    /// Largest value that an entry can have.
    let full: Double

    init?(_ item: DicomDataSet, firstIsSigned: Bool) {
        guard let count = item.uint16(DicomTags.lutDescriptor, 0), let first = item.uint16(DicomTags.lutDescriptor, 1),
            let bits = item.uint16(DicomTags.lutDescriptor, 2), (1...16).contains(bits),
            let data = item.bytes(DicomTags.lutData)
        else { return nil }
        let length = count == 0 ? 65536 : Int(count)
        // The VR of the descriptor says whether its second value is signed; in implicit VR the use decides.
        let isSS = item.elements[DicomTags.lutDescriptor]?.vr == 0x5353
        let isUS = item.elements[DicomTags.lutDescriptor]?.vr == 0x5553
        self.first = isSS || (firstIsSigned && !isUS) ? Int(Int16(bitPattern: first)) : Int(first)
        if data.count >= 2 * length {
            entries = (0..<length).map { item.uint16(DicomTags.lutData, $0) ?? 0 }
        } else if data.count >= length {
            entries = (0..<length).map { UInt16(data.uint8($0) ?? 0) }
        } else {
            return nil
        }
        full = Double((1 << Int(bits)) - 1)
    }

    func value(_ input: Double) -> Double {
        let index = input.rounded(.down) - Double(first)
        return Double(entries[Int(min(Double(entries.count - 1), max(0, index)))])
    }
}
