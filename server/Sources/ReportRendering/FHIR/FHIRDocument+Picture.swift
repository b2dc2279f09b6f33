import DicomDocuments
import Domain
import Foundation
import Workflows

/// The picture, those before it, and whether it belongs to the person.
extension FHIRDocument {
    private var dicom: DicomSummary? { content.upload.inspection.dicom }

    var imagingStudy: FHIRValue {
        let upload = content.upload
        // Code strings of DICOM: capitals, digits, blank and underscore (PS3.5, 6.2).
        let modality = dicom?.modality.flatMap { text in
            text.isEmpty || text.utf8.count > 16 || !text.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) }
                ? nil : FHIRTerms.coding("http://dicom.nema.org/resources/ontology/DCM", text)
        }
        var narrative = FHIRNarrative()
        narrative.list(pictureLines)
        return resource(
            "ImagingStudy", "study", narrative, as: .additional,
            [
                "identifier": [studyIdentifier(of: upload.id, in: dicom)], "status": "available",
                "modality": .list([modality]), "subject": reference("patient"), "started": .text(studyDate),
                "numberOfSeries": 1, "numberOfInstances": 1,
                "procedureCode": [FHIRTerms.concept(text: "Chest X-ray")],
                "note": .list(pictureLines.map { .note($0) }),
                "description": .text(dicom?.studyDescription),
                "series": [
                    [
                        "uid": .string(
                            Self.known(dicom?.seriesInstanceUID)
                                ?? DerivedUID.make("series", upload.id.description)),
                        // A series must have one; a file that doesn't say it is of DICOM's "Other".
                        "modality": modality
                            ?? FHIRTerms.coding("http://dicom.nema.org/resources/ontology/DCM", "OT", "Other"),
                        "numberOfInstances": 1,
                    ]
                ],
            ])
    }

    /// The same UID as in the DICOM objects of this report: that of the file where it says one, else one of our own.
    private func studyIdentifier(of upload: UploadID, in dicom: DicomSummary?) -> FHIRValue {
        let uid = Self.known(dicom?.studyInstanceUID) ?? DerivedUID.make("study", upload.description)
        return ["system": "urn:dicom:uid", "value": .string("urn:oid:\(uid)")]
    }

    private static func known(_ uid: String?) -> String? { uid.flatMap { DerivedUID.isUID($0) ? $0 : nil } }

    /// What is known of the picture, a sentence a line.
    var pictureLines: [String] {
        let inspection = content.upload.inspection
        var lines = [
            "\(inspection.format.rawValue.uppercased()), \(inspection.width) × \(inspection.height) pixels, \(inspection.bitsPerSample) bits."
        ]
        switch result.projection {
        case nil: lines.append("Direction of the beam: not known.")
        case let projection? where projection.source == .header:
            lines.append("Direction of the beam: \(projection.value), as the file says.")
        case let projection?:
            lines.append(
                "Direction of the beam: \(projection.value), as the model estimates (\(Self.percent(projection.probability)))."
            )
        }
        if inspection.frames > 1 {
            lines.append("Picture \(content.analysis.frame + 1) of \(inspection.frames) in the file was analysed.")
        }
        if let changed = content.analysis.adjustment.words {
            lines.append("At the person's request, before the analysis: \(changed).")
        }
        return lines + result.quality.notes.map(\.text)
    }

    static func percent(_ value: Double) -> String {
        let number = value * 100
        return number < 9.95 ? String(format: "%.1f %%", number) : String(format: "%.0f %%", number)
    }

    // MARK: - Earlier pictures

    /// Studies of other pictures of the same session that aren't from after this one.
    var earlier: [EarlierStudy] {
        content.earlier.filter { earlier in
            let isAfter = Self.day(earlier.studyDate).flatMap { day in studyDate.map { day > $0 } } ?? false
            return earlier.uploadID != content.upload.id && !isAfter
        }
    }

    func earlierRole(_ earlier: EarlierStudy) -> String { "earlier/\(earlier.analysisID)" }

    var earlierStudies: [FHIRValue] {
        earlier.map { earlier in
            resource(
                "ImagingStudy", earlierRole(earlier), FHIRNarrative("An earlier chest X-ray: \(Self.when(earlier))."),
                [
                    "identifier": [studyIdentifier(of: earlier.uploadID, in: nil)], "status": "available",
                    "subject": reference("patient"), "started": .text(Self.day(earlier.studyDate)),
                    "procedureCode": [FHIRTerms.concept(text: "Chest X-ray")],
                    "note": .list([.note(Self.when(earlier))]),
                ])
        }
    }

    static func when(_ earlier: EarlierStudy) -> String {
        day(earlier.studyDate).map { "\($0) (as the file says)" }
            ?? "received on \(time(earlier.receivedAt).prefix(10)) (the file gives no date)"
    }

    // MARK: - The right picture

    /// nil where the file says nothing of a person.
    var identityCheck: FHIRValue? {
        guard let check = result.identity, !check.rows.isEmpty else { return nil }
        var narrative = FHIRNarrative()
        narrative.list(identityLines)
        let differs = !check.differences.isEmpty
        return resource(
            "Observation", "identity", narrative,
            [
                "status": "preliminary",
                "code": FHIRTerms.concept(
                    FHIRTerms.coding(FHIRTerms.observation, "identity-check"),
                    text: "Whether person and picture belong together"),
                "subject": reference("patient"), "issued": .string(Self.time(content.analysis.updatedAt)),
                "valueCodeableConcept": FHIRTerms.concept(
                    FHIRTerms.coding("urn:lightbox:agreement", differs ? "differs" : "no-difference"),
                    text: differs ? "What was told and what the file says differ" : "No difference was found"),
                "note": .list([differs ? .note(identityConfirmation(check)) : nil]),
                "device": reference("software"), "derivedFrom": [reference("record"), reference("study")],
                "component": .list(
                    check.rows.map { row in
                        [
                            "code": FHIRTerms.concept(
                                FHIRTerms.coding("urn:lightbox:identity-field", row.field.rawValue),
                                text: Self.name(row.field)),
                            "valueString": .text(Self.words(row)),
                        ]
                    }),
            ])
    }

    var identityLines: [String] {
        guard let check = result.identity else { return [] }
        let rows = check.rows.map { "\(Self.name($0.field)): \(Self.words($0))." }
        return rows + (check.differences.isEmpty ? [] : [identityConfirmation(check)])
    }

    private func identityConfirmation(_ check: IdentityCheck) -> String {
        check.open.isEmpty
            ? "Before the analysis somebody confirmed that it is the right picture all the same."
            : "Nobody confirmed that it is the right picture."
    }

    private static func words(_ row: IdentityCheck.Row) -> String {
        let agreement =
            switch row.agreement {
            case .agrees: "agrees"
            case .differs: "differs"
            case .questioned: "not new, has to be asked"
            case .unknown: "can't be compared"
            }
        let told = row.field == .studyDate ? "today is" : "told"
        return "\(agreement): \(told) “\(row.told ?? "nothing")”, in the file “\(row.file ?? "nothing")”"
    }

    private static func name(_ field: IdentityCheck.Field) -> String {
        switch field {
        case .name: "Name"
        case .sex: "Sex"
        case .age: "Age"
        case .birthDate: "Date of birth"
        case .studyDate: "Date of the picture"
        }
    }
}
