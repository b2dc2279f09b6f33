import Domain
import Foundation

extension UploadRoutes {
    /// What a client sees of an upload.
    struct Body: Encodable {
        var id: UploadID
        var fileName: String
        var sha256: String
        var bytes: Int
        var format: PictureFormat
        var width: Int
        var height: Int
        var bitsPerSample: Int
        var frames: Int
        var capturedView: String?
        var dicom: DicomSummary?
        var createdAt: Date
        var preview: String
        var samples: String
        var file: String
        /// Of a DICOM file.
        var deidentified: String?
        var burnedInText: BurnedIn
        /// The history beside the file's header; only where one upload is asked for.
        var identity: IdentityCheck?

        init(_ upload: Upload, identity: IdentityCheck? = nil) {
            self.identity = identity
            id = upload.id
            fileName = upload.fileName
            sha256 = upload.sha256
            bytes = upload.bytes
            format = upload.inspection.format
            width = upload.inspection.width
            height = upload.inspection.height
            bitsPerSample = upload.inspection.bitsPerSample
            frames = upload.inspection.frames
            capturedView = upload.capturedView
            dicom = upload.inspection.dicom
            createdAt = upload.createdAt
            let address = "/api/v1/uploads/\(upload.id)"
            preview = "\(address)/preview"
            samples = "\(address)/samples"
            file = "\(address)/file"
            deidentified = upload.inspection.format == .dicom ? "\(address)/deidentified" : nil
            burnedInText = BurnedIn(upload.burnedIn)
        }
    }

    /// Letters in the pixels.
    struct BurnedIn: Encodable {
        enum State: String, Encodable {
            case pending, unknown, none, found
        }

        var state: State
        var lines: [BurnedInText.Line] = []
        var sideMarkers: [BurnedInText.Line] = []

        init(_ burnedIn: Upload.BurnedIn) {
            switch burnedIn {
            case .pending: state = .pending
            case .unknown: state = .unknown
            case .read(let text):
                state = text.lines.isEmpty ? .none : .found
                lines = text.lines
                sideMarkers = text.sideMarkers
            }
        }
    }
}
