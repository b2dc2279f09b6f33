import Domain
import Foundation

/// Names for the files of reports: when, what kind, and something to tell two of one day apart. No name of a person
/// unless it was chosen, because files travel further than people think.
enum ReportFileName {
    /// So many bytes of UTF-8 the pseudonym may take. File systems give a name 255.
    private static let longestName = 60

    /// For example `lightbox-chest-x-ray-2026-11-23-3f2a91`, or `lightbox-chest-x-ray-patient-2026-11-23-Zoë-3f2a91`.
    static func stem(at time: Date, for audience: Report.Audience, id: ReportID, pseudonym: String?) -> String {
        let kind =
            switch audience {
            case .clinician: "chest-x-ray"
            case .patient: "chest-x-ray-patient"
            }
        let day = time.formatted(.iso8601.year().month().day().dateSeparator(.dash))
        let name = pseudonym.map(part(of:)) ?? ""
        return (["lightbox", kind, day] + (name.isEmpty ? [] : [name]) + [String(id.description.suffix(6))])
            .joined(separator: "-")
    }

    /// What of a person's own words may stand in a name on every file system: letters, digits and marks of any script.
    /// Everything else is a gap, and gaps become single hyphens.
    static func part(of pseudonym: String) -> String {
        var name = ""
        var isGap = false
        for scalar in pseudonym.precomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber:
                if isGap, !name.isEmpty { name += "-" }
                isGap = false
                name.unicodeScalars.append(scalar)
            case .nonspacingMark, .spacingMark:
                // A mark belongs to the letter before it.
                if !isGap, !name.isEmpty { name.unicodeScalars.append(scalar) }
            case .format, .control, .surrogate, .privateUse, .unassigned: continue
            default: isGap = true
            }
            if name.utf8.count > longestName { break }
        }
        while name.utf8.count > longestName { name.unicodeScalars.removeLast() }
        while name.last == "-" { name.removeLast() }
        return name
    }
}
