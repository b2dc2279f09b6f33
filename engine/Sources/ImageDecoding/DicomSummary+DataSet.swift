import DicomElements
internal import Domain

extension DicomSummary {
    /// The attributes of a file, in Unicode.
    init(_ file: DicomFile) {
        let dataSet = file.dataSet
        let text = DicomText(specificCharacterSet: dataSet.ascii(DicomTags.characterSet))
        let ascii = DicomText(specificCharacterSet: nil)
        self.init(
            transferSyntax: file.syntaxUID,
            photometricInterpretation: ascii.decode(dataSet.bytes(DicomTags.photometric)),
            modality: ascii.decode(dataSet.bytes(DicomTags.modality)),
            bodyPart: ascii.decode(dataSet.bytes(DicomTags.bodyPart)),
            viewPosition: ascii.decode(dataSet.bytes(DicomTags.viewPosition)),
            imageLaterality: ascii.decode(dataSet.bytes(DicomTags.imageLaterality)),
            patientName: text.decodeName(dataSet.bytes(DicomTags.patientName)),
            patientID: text.decode(dataSet.bytes(DicomTags.patientID)),
            patientSex: ascii.decode(dataSet.bytes(DicomTags.patientSex)),
            patientBirthDate: ascii.decode(dataSet.bytes(DicomTags.patientBirthDate)),
            patientAge: ascii.decode(dataSet.bytes(DicomTags.patientAge)),
            studyDate: ascii.decode(dataSet.bytes(DicomTags.studyDate)),
            studyDescription: text.decode(dataSet.bytes(DicomTags.studyDescription)),
            burnedInAnnotation: ascii.decode(dataSet.bytes(DicomTags.burnedInAnnotation)),
            patientOrientation: ascii.decode(dataSet.bytes(DicomTags.patientOrientation)),
            pixelSpacing: Self.spacing(dataSet, DicomTags.pixelSpacing),
            imagerPixelSpacing: Self.spacing(dataSet, DicomTags.imagerPixelSpacing),
            sopClassUID: Self.uid(ascii.decode(dataSet.bytes(DicomTags.sopClass))),
            sopInstanceUID: Self.uid(ascii.decode(dataSet.bytes(DicomTags.sopInstance))),
            studyInstanceUID: Self.uid(ascii.decode(dataSet.bytes(DicomTags.studyInstance))),
            seriesInstanceUID: Self.uid(ascii.decode(dataSet.bytes(DicomTags.seriesInstance))))
    }

    /// What is none isn't passed on: other objects will refer to it.
    private static func uid(_ text: String?) -> String? {
        text.flatMap { DicomUID.isValid($0) ? $0 : nil }
    }

    /// Two lengths in mm that can be believed; nil otherwise.
    private static func spacing(_ dataSet: DicomDataSet, _ tag: DicomTag) -> [Double]? {
        let values = dataSet.numbers(tag).compactMap(\.self)
        guard values.count == 2, values.allSatisfy({ $0 > 0 && $0 < 1000 }) else { return nil }
        return values
    }
}
