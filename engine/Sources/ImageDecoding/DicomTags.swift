import DicomElements

/// The data elements that are read (PS3.6).
enum DicomTags {
    static let transferSyntax: DicomTag = 0x0002_0010
    static let metaLength: DicomTag = 0x0002_0000
    static let characterSet: DicomTag = 0x0008_0005
    static let sopClass: DicomTag = 0x0008_0016
    static let sopInstance: DicomTag = 0x0008_0018
    static let studyDate: DicomTag = 0x0008_0020
    static let modality: DicomTag = 0x0008_0060
    static let studyDescription: DicomTag = 0x0008_1030
    static let patientName: DicomTag = 0x0010_0010
    static let patientID: DicomTag = 0x0010_0020
    static let patientBirthDate: DicomTag = 0x0010_0030
    static let patientSex: DicomTag = 0x0010_0040
    static let patientAge: DicomTag = 0x0010_1010
    static let bodyPart: DicomTag = 0x0018_0015
    static let viewPosition: DicomTag = 0x0018_5101
    static let imagerPixelSpacing: DicomTag = 0x0018_1164
    static let patientOrientation: DicomTag = 0x0020_0020
    static let studyInstance: DicomTag = 0x0020_000D
    static let seriesInstance: DicomTag = 0x0020_000E
    static let imageLaterality: DicomTag = 0x0020_0062
    static let samplesPerPixel: DicomTag = 0x0028_0002
    static let photometric: DicomTag = 0x0028_0004
    static let numberOfFrames: DicomTag = 0x0028_0008
    static let rows: DicomTag = 0x0028_0010
    static let columns: DicomTag = 0x0028_0011
    static let pixelSpacing: DicomTag = 0x0028_0030
    static let bitsAllocated: DicomTag = 0x0028_0100
    static let bitsStored: DicomTag = 0x0028_0101
    static let highBit: DicomTag = 0x0028_0102
    static let pixelRepresentation: DicomTag = 0x0028_0103
    static let pixelPadding: DicomTag = 0x0028_0120
    static let pixelPaddingLimit: DicomTag = 0x0028_0121
    static let burnedInAnnotation: DicomTag = 0x0028_0301
    static let windowCentre: DicomTag = 0x0028_1050
    static let windowWidth: DicomTag = 0x0028_1051
    static let rescaleIntercept: DicomTag = 0x0028_1052
    static let rescaleSlope: DicomTag = 0x0028_1053
    static let windowExplanation: DicomTag = 0x0028_1055
    static let windowFunction: DicomTag = 0x0028_1056
    static let modalityLUT: DicomTag = 0x0028_3000
    static let lutDescriptor: DicomTag = 0x0028_3002
    static let lutData: DicomTag = 0x0028_3006
    static let voiLUT: DicomTag = 0x0028_3010
    static let frameVOI: DicomTag = 0x0028_9132
    static let pixelValueTransformation: DicomTag = 0x0028_9145
    static let presentationShape: DicomTag = 0x2050_0020
    static let sharedGroups: DicomTag = 0x5200_9229
    static let perFrameGroups: DicomTag = 0x5200_9230
    static let floatPixelData: DicomTag = 0x7FE0_0008
    static let doublePixelData: DicomTag = 0x7FE0_0009
    static let pixelData: DicomTag = 0x7FE0_0010

    static let wanted: Set<DicomTag> = [
        transferSyntax, metaLength, characterSet, studyDate, modality, studyDescription, patientName, patientID,
        patientBirthDate, patientSex, patientAge, bodyPart, viewPosition, imageLaterality, samplesPerPixel,
        photometric, numberOfFrames, rows, columns, bitsAllocated, bitsStored, highBit, pixelRepresentation,
        pixelPadding, pixelPaddingLimit, burnedInAnnotation, windowCentre, windowWidth, rescaleIntercept,
        rescaleSlope, windowFunction, modalityLUT, lutDescriptor, lutData, voiLUT, frameVOI,
        pixelValueTransformation, presentationShape, sharedGroups, perFrameGroups, floatPixelData,
        doublePixelData, pixelData, imagerPixelSpacing, patientOrientation, pixelSpacing, windowExplanation,
        sopClass, sopInstance, studyInstance, seriesInstance,
    ]
}
