import DicomElements

/// What the Basic Application Level Confidentiality Profile does with each standard element.
///
/// Source: DICOM PS3.15 annex E, table E.1-1.
struct DeidentificationProfile {
    /// The actions as this program carries them out. The table leaves a choice where an element may be of type 1, 2 or 3
    /// in one kind of object or another; what is taken is right in all of them:
    ///
    /// - `X/Z` and `Z/D` empty: what the latter names is of type 2 in images. `X/D` and `X/Z/D` put a value that says
    ///   nothing, and empty sequences.
    /// - `X/Z/U*` keeps a sequence of references, with other UIDs.
    enum Action {
        case remove, empty, dummy, replaceUIDs, cleanItems
    }

    struct Rule {
        let action: Action
        let keyword: String
    }

    static let standard = DeidentificationProfile()

    let rules: [DicomTag: Rule]

    private init() {
        var rules: [DicomTag: Rule] = [:]
        for line in Self.table.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 3, let tag = DicomTag(parts[0].filter { $0 != "," }, radix: 16),
                let action = Self.action(parts[1])
            else { preconditionFailure("A line of the profile's table cannot be read.") }
            rules[tag] = Rule(action: action, keyword: String(parts[2]))
        }
        self.rules = rules
    }

    private static func action(_ letters: Substring) -> Action? {
        switch letters {
        case "X": .remove
        case "Z", "X/Z", "Z/D": .empty
        case "D", "X/D", "X/Z/D": .dummy
        case "U": .replaceUIDs
        case "X/Z/U*": .cleanItems
        default: nil
        }
    }

    /// What to do with an element, and its name; nil where it stays as it is (and its items are cleaned, if it has some).
    ///
    /// Beyond the table, which names what is known to identify: elements of the patient group that it does not name, any
    /// other name of a person, any other date or time, and what the dictionary does not know are removed, unless the
    /// picture cannot be shown without them.
    ///
    /// - Parameters:
    ///   - vr: as the file states it; 0 in implicit VR.
    ///   - known: as the dictionary has it; 0 where it is unknown.
    func rule(_ tag: DicomTag, vr: UInt16, known: UInt16) -> Rule? {
        if let rule = rules[tag] { return rule }
        let group = tag >> 16
        if group & 1 == 1 { return Rule(action: .remove, keyword: "PrivateElement") }
        if group & 0xFF00 == 0x5000 { return Rule(action: .remove, keyword: "CurveElement") }
        if group & 0xFF00 == 0x6000 {
            let names: [DicomTag: String] = [0x3000: "OverlayData", 0x4000: "OverlayComments"]
            return Rule(action: .remove, keyword: names[tag & 0xFFFF] ?? "OverlayElement")
        }
        if Self.isOfPicture(tag) { return nil }
        let isUnknown = vr == Reader.vrUN || known == 0
        guard group == 0x0010 || isUnknown || Self.telling.contains(vr) || Self.telling.contains(known) else {
            return nil
        }
        return Rule(action: .remove, keyword: group == 0x0010 ? "PatientElement" : "OtherElement")
    }

    /// Representations of names and of dates and times.
    private static let telling: Set<UInt16> = [
        DicomVR.personName, DicomVR.code("DA"), DicomVR.code("DT"), DicomVR.code("TM"),
    ]

    /// Elements without which the picture would look otherwise: the image pixel, LUT and functional group modules.
    private static func isOfPicture(_ tag: DicomTag) -> Bool {
        [0x0028, 0x2050, 0x5200, 0x7FE0].contains(tag >> 16) || DicomTags.wanted.contains(tag)
    }
}
