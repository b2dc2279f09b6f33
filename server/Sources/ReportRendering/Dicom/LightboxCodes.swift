import DicomDocuments

/// Codes that a structured report uses: those of DICOM, LOINC and UCUM where there is one that anybody may use, else
/// our own. None is of SNOMED CT, which takes a licence.
extension Code {
    static let scheme = "99LIGHTBOX"

    /// One of our own.
    static func own(_ value: String, _ meaning: String) -> Code {
        Code(value, scheme, meaning)
    }

    private static func dicom(_ value: String, _ meaning: String) -> Code {
        Code(value, "DCM", meaning)
    }

    // MARK: - TID 1500, TID 1501, TID 1600

    static let measurementReport = dicom("126000", "Imaging Measurement Report")
    static let imagingMeasurements = dicom("126010", "Imaging Measurements")
    static let measurementGroup = dicom("125007", "Measurement Group")
    /// The one code of UMLS: the template names it.
    static let qualitativeEvaluations = Code("C0034375", "UMLS", "Qualitative Evaluations")
    static let procedureReported = dicom("121058", "Procedure reported")
    static let chestFilm = Code("30745-4", "LN", "XR Chest Views")
    static let imageLibrary = dicom("111028", "Image Library")
    static let imageLibraryGroup = dicom("126200", "Image Library Group")
    static let sourceOfMeasurement = dicom("121112", "Source of Measurement")
    static let modality = dicom("121139", "Modality")
    static let trackingIdentifier = dicom("112039", "Tracking Identifier")
    static let trackingUID = dicom("112040", "Tracking Unique Identifier")
    static let finding = dicom("121071", "Finding")

    /// Kinds of radiographs (CID 29).
    static let modalities: [String: Code] = [
        "CR": dicom("CR", "Computed Radiography"), "DX": dicom("DX", "Digital Radiography"),
        "RG": dicom("RG", "Radiographic imaging"), "OT": dicom("OT", "Other"),
    ]

    // MARK: - TID 1204, TID 1001, TID 4019

    static let language = dicom("121049", "Language of Content Item and Descendants")
    static let english = Code("en", "RFC5646", "English")
    static let observerType = dicom("121005", "Observer Type")
    static let person = dicom("121006", "Person")
    static let device = dicom("121007", "Device")
    static let personName = dicom("121008", "Person Observer Name")
    static let deviceUID = dicom("121012", "Device Observer UID")
    static let deviceName = dicom("121013", "Device Observer Name")
    static let deviceManufacturer = dicom("121014", "Device Observer Manufacturer")
    static let deviceModel = dicom("121015", "Device Observer Model Name")
    static let deviceSerial = dicom("121016", "Device Observer Serial Number")
    static let algorithmName = dicom("111001", "Algorithm Name")
    static let algorithmParameters = dicom("111002", "Algorithm Parameters")
    static let algorithmVersion = dicom("111003", "Algorithm Version")

    // MARK: - Headings (CID 7001)

    static let history = dicom("121060", "History")
    static let previousFindings = dicom("121068", "Previous Findings")

    // MARK: - Units

    static let unity = Code("1", "UCUM", "no units")
    static let pictures = Code("{pictures}", "UCUM", "pictures")

    // MARK: - Our own

    static let yes = own("yes", "Yes")
    static let no = own("no", "No")
    static let notice = own("notice", "Notice")
    static let withdrawn = own("withdrawn", "Withdrawn model")
    static let mismatch = own("mismatch", "Mismatch of patient and picture")
    static let urgency = own("urgency", "Urgency")
    static let urgencyReason = own("urgency-reason", "Reason for the urgency")
    static let lowering = own("urgency-lowered", "Urgency lowered by a person")
    static let projection = own("projection", "Projection")
    static let quality = own("quality", "Note on the picture")
    static let scope = own("scope", "Whom the model speaks for")
    static let probability = own("probability", "Calibrated probability")
    static let threshold = own("threshold", "Threshold")
    static let thresholdRule = own("threshold-rule", "How the threshold was chosen")
    static let marked = own("marked", "At or over the threshold")
    static let meaning = own("meaning", "What the finding means")
    static let frequency = own("frequency", "Natural frequency")
    static let auc = own("auc", "Area under the ROC curve")
    static let sensitivity = own("sensitivity", "Sensitivity at the threshold")
    static let specificity = own("specificity", "Specificity at the threshold")
    static let validated = own("validated-on", "Pictures in the validation set")
    static let heatMap = own("heat-map", "Heat map")
    static let notShown = own("not-shown", "Finding not shown for this person")
    static let notChecked = own("not-checked", "What was not checked")
    static let limitation = own("limitation", "Limitation")
    static let intendedUse = own("intended-use", "Intended use")
    static let responsible = own("responsible", "Who is responsible")
    static let withheld = own("withheld", "Withheld from the assistant")
    static let reading = own("reading", "Reading by a person")
    static let readingText = own("reading-text", "What was read")
    static let readingTime = own("reading-time", "Time of the reading")
    static let blind = own("blind", "Read before the model's findings")
    static let conversation = own("conversation", "Conversation with the assistant")
    static let question = own("question", "Question")
    static let answer = own("answer", "Answer")
    static let sources = own("sources", "What the report was made from")
    static let pictureHash = own("sha256-picture", "SHA-256 of the picture")
    static let modelHash = own("sha256-model", "SHA-256 of the weights")
    static let preprocessingHash = own("sha256-preproc", "SHA-256 of the preprocessing")
    static let thresholdsHash = own("sha256-threshold", "SHA-256 of the thresholds")
    static let contextHash = own("sha256-context", "SHA-256 of the assistant's context")
    static let softwareVersion = own("software-version", "Version of the software")
    static let analysis = own("analysis", "Analysis")
    static let report = own("report", "Report")
}

extension CodingScheme {
    static let own = CodingScheme(
        designator: Code.scheme, uid: DerivedUID.make("coding-scheme", Code.scheme), version: "1",
        name: "Lightbox findings and report items", organization: "Lightbox, research and education")
}
