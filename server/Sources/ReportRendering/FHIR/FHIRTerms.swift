import Domain

/// Codes that the document uses: those of HL7, LOINC, RadLex and DICOM, and our own for what they have no code for. SNOMED
/// CT is left out, because not everybody may use it.
enum FHIRTerms {
    static let loinc = "http://loinc.org"
    static let unitsOfMeasure = "http://unitsofmeasure.org"
    static let uri = "urn:ietf:rfc:3986"

    /// Heads of the model, by their id.
    static let finding = "urn:lightbox:finding"
    /// What else is observed: urgency, the reading of a person, whether person and picture fit.
    static let observation = "urn:lightbox:observation"
    /// Parts of an observation.
    static let measure = "urn:lightbox:measure"
    static let acuity = "urn:lightbox:acuity"
    static let acuityRule = "urn:lightbox:acuity-rule"
    static let digest = "urn:lightbox:sha-256"
    /// Extensions.
    static let withheld = "urn:lightbox:withheld-from-assistant"
    static let seal = "urn:lightbox:seal"
    static let withdrawal = "urn:lightbox:model-withdrawal"

    static func hl7(_ system: String, _ code: String, _ display: String? = nil) -> FHIRValue {
        coding("http://terminology.hl7.org/CodeSystem/\(system)", code, display)
    }

    static func coding(_ system: String, _ code: String, _ display: String? = nil) -> FHIRValue {
        FHIRValue.text(code).map { ["system": .string(system), "code": $0, "display": .text(display)] } ?? [:]
    }

    static func concept(_ codings: FHIRValue?..., text: String? = nil) -> FHIRValue {
        ["coding": .list(codings), "text": .text(text)]
    }

    static func coding(_ coding: Coding?) -> FHIRValue? {
        coding.flatMap { $0.system.hasPrefix("http://snomed") ? nil : self.coding($0.system, $0.code, $0.display) }
    }

    /// A number without a unit (UCUM "1").
    static func plain(_ number: Double?) -> FHIRValue? {
        FHIRValue.number(number).map { ["value": $0, "system": .string(unitsOfMeasure), "code": "1"] }
    }

    /// LOINC codes of the document and of its sections, with their long common names.
    enum Section: String, CaseIterable {
        case document = "18748-4"
        case indication = "55115-0"
        case history = "11329-0"
        case technique = "55111-9"
        case comparison = "18834-2"
        case findings = "59776-5"
        case impression = "19005-8"
        case recommendation = "18783-1"
        case medication = "10160-0"
        case allergies = "48765-2"
        case illnesses = "11348-0"
        /// The reading of a person.
        case reading = "18782-3"

        private var display: String {
            switch self {
            case .document: "Diagnostic imaging study"
            case .indication: "Requested imaging studies information Document"
            case .history: "History general Narrative - Reported"
            case .technique: "Current imaging procedure descriptions Document"
            case .comparison: "Radiology Comparison study (narrative)"
            case .findings: "Procedure findings Narrative"
            case .impression: "Radiology Imaging study [Impression] (narrative)"
            case .recommendation: "Radiology Study recommendation (narrative)"
            case .medication: "History of Medication use Narrative"
            case .allergies: "Allergies and adverse reactions Document"
            case .illnesses: "History of Past illness note"
            case .reading: "Radiology Study observation (narrative)"
            }
        }

        var coding: FHIRValue { FHIRTerms.coding(FHIRTerms.loinc, rawValue, display) }
        var concept: FHIRValue { FHIRTerms.concept(coding) }
    }
}
