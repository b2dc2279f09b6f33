import Domain
import Foundation
public import ReportDocuments
public import Workflows

/// A report as a FHIR R4 (4.0.1) document: a bundle in JSON.
///
/// Source: <https://hl7.org/fhir/R4/documents.html>.
public enum FHIRReport {
    /// - Parameters:
    ///   - pdf: the same report as a PDF, seal and all; nil where there is none.
    ///   - gapLength: how long the gap for the seal is, for a number of covered bytes.
    /// - Returns: the same bytes for the same content and PDF. The gap is the value of an extension of the bundle's
    ///   signature, because `Signature.data` is Base64 only.
    public static func bundle(
        _ content: ReportContent, pdf: [UInt8]?, gapLength: (Int) -> Int
    ) throws -> GappedDocument {
        let (json, gap) = try FHIRDocument(content, pdf: pdf).bundle.json
        guard let gap else { preconditionFailure("The signature has a place for the seal.") }
        let length = gapLength(json.count)
        let spaces = [UInt8](repeating: UInt8(ascii: " "), count: length)
        return GappedDocument(bytes: json[..<gap] + spaces + json[gap...], gap: gap..<gap + length)
    }
}

/// The resources of one report. Each has a role in it, from which its name follows.
struct FHIRDocument {
    let content: ReportContent
    let pdf: [UInt8]?

    init(_ content: ReportContent, pdf: [UInt8]?) {
        self.content = content
        self.pdf = pdf
    }

    var result: AnalysisResult { content.result }

    /// When this edition was made: a report is given out anew, stamped, once its model was withdrawn.
    var editionTime: String { Self.time(max(content.createdAt, content.withdrawal?.at ?? content.createdAt)) }

    /// An identifier names one edition only (R4, documents.html, 3.3.1), so that a stamped one has another.
    private func bundleID(withdrawn: ModelWithdrawal?) -> UUID {
        uuid(withdrawn.map { "bundle, withdrawn \(Self.time($0.at))" } ?? "bundle")
    }

    func bundleIdentifier(withdrawn: ModelWithdrawal?) -> FHIRValue {
        Self.identifier(bundleID(withdrawn: withdrawn))
    }

    var bundle: FHIRValue {
        get throws {
            [
                "resourceType": "Bundle", "id": .string(Self.name(bundleID(withdrawn: content.withdrawal))),
                "meta": [
                    "security": [
                        FHIRTerms.hl7("v3-Confidentiality", "R", "restricted"),
                        // Not HTEST: that marks data of nobody, and these may be of a real person.
                        FHIRTerms.hl7("v3-ActReason", "HRESCH", "healthcare research"),
                    ],
                    "tag": [
                        FHIRTerms.coding(
                            "urn:lightbox:use", "research-and-education",
                            "Research and education only. Not a medical device, not a diagnosis.")
                    ],
                ],
                "language": "en", "identifier": bundleIdentifier(withdrawn: content.withdrawal), "type": "document",
                "timestamp": .string(editionTime), "entry": .list(try entries),
                "signature": [
                    "extension": [["url": .string(FHIRTerms.seal), "valueString": .gap]],
                    "type": [
                        FHIRTerms.coding(
                            "urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.14", "Source Signature")
                    ],
                    "when": .string(editionTime), "who": reference("software"),
                    "targetFormat": "application/fhir+json",
                ],
            ]
        }
    }

    private var entries: [FHIRValue] {
        get throws {
            let record = try [patient, questionnaireResponse] + told + allergies + medications + conditions
            let picture = [imagingStudy, identityCheck].compactMap { $0 } + earlierStudies
            let findings = findings + notSpokenOf + [urgency, reading].compactMap { $0 }
            return [composition] + record + [software, model] + picture + findings + [diagnosticReport, provenance]
        }
    }

    // MARK: - Names

    func uuid(_ role: String) -> UUID { FHIRIdentity.uuid(role, in: content.id.uuid) }

    static func name(_ uuid: UUID) -> String { uuid.uuidString.lowercased() }

    static func identifier(_ uuid: UUID) -> FHIRValue {
        ["system": .string(FHIRTerms.uri), "value": .string("urn:uuid:\(name(uuid))")]
    }

    func reference(_ role: String, _ display: String? = nil) -> FHIRValue {
        ["reference": .string("urn:uuid:\(Self.name(uuid(role)))"), "display": .text(display)]
    }

    /// An entry of the bundle.
    ///
    /// - Parameter members: what comes after the name and the narrative.
    func resource(
        _ type: String, _ role: String, _ narrative: FHIRNarrative, as status: FHIRNarrative.Status = .generated,
        _ members: FHIRValue
    ) -> FHIRValue {
        let head: FHIRValue = [
            "resourceType": .string(type), "id": .string(Self.name(uuid(role))), "language": "en",
            "text": narrative.value(status) ?? FHIRNarrative("Nothing was told.").value(),
        ]
        guard case .object(let first) = head, case .object(let rest) = members else { return head }
        return [
            "fullUrl": .string("urn:uuid:\(Self.name(uuid(role)))"), "resource": .object(first + rest),
        ]
    }

    // MARK: - Times

    static func time(_ date: Date) -> String { date.formatted(.iso8601) }

    /// `20260105` (PS3.5, 6.2) or `2026-01-05` as a FHIR date; nil for a day that doesn't exist.
    static func day(_ text: String?) -> String? {
        let digits = (text ?? "").filter { $0 != "-" }
        guard digits.utf8.count == 8 else { return nil }
        return PartialDate("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")?.description
    }

    var studyDate: String? { Self.day(content.upload.inspection.dicom?.studyDate) }
}
