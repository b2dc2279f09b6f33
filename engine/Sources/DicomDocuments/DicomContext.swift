public import Foundation

/// Where a document belongs, and what made it: the same for all objects that are made of one report.
public struct DicomContext: Sendable, Equatable {
    public struct Patient: Sendable, Equatable {
        public var name: PersonName?
        public var id: String?
        /// Who gave out the id, where it is known.
        public var idIssuer: String?
        /// `YYYYMMDD`.
        public var birthDate: String?
        /// `M`, `F` or `O`.
        public var sex: String?
        /// At the time of the study: `054Y`.
        public var age: String?

        public init(
            name: PersonName? = nil, id: String? = nil, idIssuer: String? = nil, birthDate: String? = nil,
            sex: String? = nil, age: String? = nil
        ) {
            self.name = name
            self.id = id
            self.idIssuer = idIssuer
            self.birthDate = birthDate
            self.sex = sex
            self.age = age
        }
    }

    public struct Study: Sendable, Equatable {
        public var uid: String
        /// `YYYYMMDD`.
        public var date: String?
        public var description: String?

        public init(uid: String, date: String? = nil, description: String? = nil) {
            self.uid = uid
            self.date = date
            self.description = description
        }
    }

    /// The program, as a piece of equipment.
    public struct Equipment: Sendable, Equatable {
        public var uid: String
        public var manufacturer: String
        public var model: String
        public var versions: [String]

        public init(uid: String, manufacturer: String, model: String, versions: [String]) {
            self.uid = uid
            self.manufacturer = manufacturer
            self.model = model
            self.versions = versions
        }
    }

    public var patient: Patient
    public var study: Study
    public var equipment: Equipment
    /// The picture, where it is a DICOM object.
    public var source: InstanceReference?
    /// Names the report: UIDs are derived from it.
    public var reportID: String
    public var createdAt: Date
    /// What a list of series shows.
    public var seriesDescription: String

    public init(
        patient: Patient, study: Study, equipment: Equipment, source: InstanceReference?, reportID: String,
        createdAt: Date, seriesDescription: String
    ) {
        self.patient = patient
        self.study = study
        self.equipment = equipment
        self.source = source
        self.reportID = reportID
        self.createdAt = createdAt
        self.seriesDescription = seriesDescription
    }
}

/// Another DICOM object.
public struct InstanceReference: Sendable, Equatable {
    public var studyUID: String
    public var seriesUID: String
    public var classUID: String
    public var instanceUID: String

    /// - Returns: nil where one of them is no UID.
    public init?(studyUID: String?, seriesUID: String?, classUID: String?, instanceUID: String?) {
        guard let studyUID, let seriesUID, let classUID, let instanceUID,
            [studyUID, seriesUID, classUID, instanceUID].allSatisfy(DerivedUID.isUID)
        else { return nil }
        self.studyUID = studyUID
        self.seriesUID = seriesUID
        self.classUID = classUID
        self.instanceUID = instanceUID
    }

    /// The SOP Instance Reference Macro (PS3.3 section 10.8).
    var dataSet: DataSet {
        var item = DataSet()
        item.set(0x0008_1150, .ui, classUID)
        item.set(0x0008_1155, .ui, instanceUID)
        return item
    }
}

extension DataSet {
    /// The modules Patient, General Study, Patient Study and General Equipment (PS3.3 sections C.7.1 to C.7.5).
    mutating func setContext(_ context: DicomContext) {
        let patient = context.patient
        set(0x0010_0010, .pn, patient.name?.value)
        set(0x0010_0020, .lo, patient.id)
        if let issuer = patient.idIssuer { set(0x0010_0021, .lo, issuer) }
        set(0x0010_0030, .da, patient.birthDate)
        set(0x0010_0040, .cs, patient.sex.flatMap { ["M", "F", "O"].contains($0) ? $0 : nil })
        if let age = patient.age { set(0x0010_1010, .as, age) }

        set(0x0020_000D, .ui, context.study.uid)
        set(0x0008_0020, .da, context.study.date)
        set(0x0008_0030, .tm, nil)
        set(0x0008_0090, .pn, nil)
        set(0x0020_0010, .sh, nil)
        set(0x0008_0050, .sh, nil)
        if let description = context.study.description { set(0x0008_1030, .lo, description) }

        set(0x0008_0070, .lo, context.equipment.manufacturer)
        set(0x0008_1090, .lo, context.equipment.model)
        set(0x0018_1020, .lo, values: context.equipment.versions)
        set(0x0018_1002, .ui, context.equipment.uid)
    }

    /// A series of its own, with one object in it.
    mutating func setSeries(_ context: DicomContext, modality: String, number: Int) {
        set(0x0008_0060, .cs, modality)
        set(0x0020_000E, .ui, DerivedUID.make("series", context.reportID, modality))
        set(0x0020_0011, integer: number)
        set(0x0008_103E, .lo, context.seriesDescription)
        set(0x0020_0013, integer: 1)
        set(date: 0x0008_0023, time: 0x0008_0033, context.createdAt)
    }
}
