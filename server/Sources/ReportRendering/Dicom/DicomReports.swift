import DicomDocuments
import Domain
import Foundation
public import ReportDocuments
public import Workflows

/// A report as DICOM objects.
public enum DicomReports {
    /// The PDF of a report within a DICOM object.
    ///
    /// - Parameters:
    ///   - pdf: the finished document, seal and all.
    ///   - gapLength: how long the gap for the seal is, for a number of covered bytes.
    public static func encapsulated(
        _ content: ReportContent, pdf: [UInt8], gapLength: (Int) -> Int
    ) throws -> GappedDocument {
        let subject = DicomSubject(content)
        // What is printed names the patient and the day, so that it counts as burned in.
        return try EncapsulatedPDF.make(
            pdf, title: subject.title, showsPatient: true, in: subject.context, gapLength: gapLength)
    }

    /// What a report states as a structured report, by the template "Measurement Report" (TID 1500).
    public static func structured(_ content: ReportContent, gapLength: (Int) -> Int) throws -> GappedDocument {
        let subject = DicomSubject(content)
        let completion = subject.completion
        return try StructuredReport(
            context: subject.context, root: MeasurementReport(content, subject).root,
            isComplete: completion.isComplete, completion: completion.why, codingSchemes: [.own]
        ).make(gapLength: gapLength)
    }
}

/// Where the objects of a report belong: to the study of the picture where its file names one, else to one of their own.
struct DicomSubject {
    let content: ReportContent
    let context: DicomContext

    init(_ content: ReportContent) {
        self.content = content
        let dicom = content.upload.inspection.dicom
        let upload = content.upload.id.description
        let known = dicom?.studyInstanceUID.flatMap { DerivedUID.isUID($0) ? $0 : nil }
        let description = dicom?.studyDescription ?? "Chest X-ray"
        context = DicomContext(
            patient: dicom.flatMap { known == nil ? nil : Self.patient(ofStudy: $0) } ?? Self.patient(told: content),
            study: .init(
                uid: known ?? DerivedUID.make("study", upload), date: dicom?.studyDate, description: description),
            equipment: .init(
                uid: DerivedUID.make(
                    "device", content.sources.softwareVersion, content.result.engineVersion, content.sources.model),
                manufacturer: "Lightbox", model: "Lightbox",
                versions: [
                    "Lightbox \(content.sources.softwareVersion)", "engine \(content.result.engineVersion)",
                    "\(content.result.model.id) \(content.result.model.version)",
                ]),
            source: InstanceReference(
                studyUID: known, seriesUID: dicom?.seriesInstanceUID, classUID: dicom?.sopClassUID,
                instanceUID: dicom?.sopInstanceUID),
            reportID: content.id.description, createdAt: content.createdAt,
            seriesDescription: content.withdrawal == nil
                ? "Lightbox: model findings" : "WITHDRAWN MODEL. Lightbox: model findings")
    }

    /// One study has one patient: within a study that is known, the patient is the one whom its file names.
    private static func patient(ofStudy dicom: DicomSummary) -> DicomContext.Patient {
        .init(
            name: dicom.patientName.map(PersonName.init(dicom:)), id: dicom.patientID,
            birthDate: dicom.patientBirthDate, sex: dicom.patientSex, age: dicom.patientAge)
    }

    /// As told. The id is our own, derived from the session, which can't be told from it.
    private static func patient(told content: ReportContent) -> DicomContext.Patient {
        let facts = PatientFacts(intake: content.answers)
        let birth = content.answers["birth-date"]?.text.flatMap(PartialDate.init).flatMap { date in
            date.day == nil ? nil : "\(date)".filter(\.isNumber)
        }
        return .init(
            name: content.answers["pseudonym"]?.text.map { PersonName($0) },
            id: DerivedUID.make("patient", content.upload.sessionID.description), idIssuer: "Lightbox",
            birthDate: birth, sex: facts.sex.flatMap { ["female": "F", "male": "M", "other": "O"][$0] },
            age: facts.age.flatMap { (0...999).contains($0) ? String(format: "%03dY", $0) : nil })
    }

    var title: String {
        content.withdrawal == nil ? "Chest X-ray: model findings" : "WITHDRAWN MODEL. Chest X-ray: model findings"
    }

    /// What a model says alone is no complete report.
    var completion: (isComplete: Bool, why: String) {
        if content.withdrawal != nil { return (false, "The version of the model was withdrawn") }
        if content.reading == nil { return (false, "A model's findings; no person's reading is in it") }
        return (true, "A model's findings and a person's reading")
    }
}

extension Answer {
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
