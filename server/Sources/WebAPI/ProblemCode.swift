import Domain
import HTTPTypes
import Workflows

/// Everything that a client can be told went wrong. Each has an entry in `docs/errors.md` and a sentence in the page.
public enum ProblemCode: String, Sendable, CaseIterable {
    case badRequest = "bad-request"
    case malformedJSON = "malformed-json"
    case malformedMultipart = "malformed-multipart"
    case uploadIncomplete = "upload-incomplete"
    case sessionRequired = "session-required"
    case crossSiteRequest = "cross-site-request"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case intakeChanged = "intake-changed"
    case analysisFinished = "analysis-finished"
    case analysisNotRetryable = "analysis-not-retryable"
    case analysisQuarantined = "analysis-quarantined"
    case analysisNotCompleted = "analysis-not-completed"
    case readingAwaited = "reading-awaited"
    case readingRecorded = "reading-recorded"
    case modelWithdrawn = "model-withdrawn"
    case modelCheckFailed = "model-check-failed"
    case pictureMismatch = "picture-mismatch"
    case operatorTokenRequired = "operator-token-required"
    case operatorRoleRequired = "operator-role-required"
    case grantRequired = "grant-required"
    case maintenance
    case tooManyUploads = "too-many-uploads"
    case wrongOffset = "wrong-offset"
    case requestInProgress = "request-in-progress"
    case uploadOver = "upload-over"
    case checksumMismatch = "checksum-mismatch"
    case tusVersion = "tus-version"
    case keyReused = "key-reused"
    case payloadTooLarge = "payload-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case rangeNotSatisfiable = "range-not-satisfiable"
    case validationFailed = "validation-failed"
    case consentRequired = "consent-required"
    case emptyFile = "empty-file"
    case unsupportedFormat = "unsupported-format"
    case damagedPicture = "damaged-picture"
    case pictureTooLarge = "picture-too-large"
    case pictureTooSmall = "picture-too-small"
    case noPixels = "no-pixels"
    case unsupportedTransferSyntax = "unsupported-transfer-syntax"
    case colourNotSupported = "colour-not-supported"
    case pictureQuarantined = "picture-quarantined"
    case damagedArchive = "damaged-archive"
    case encryptedArchive = "encrypted-archive"
    case archiveTooLarge = "archive-too-large"
    case nothingReadable = "nothing-readable"
    case tooManyConversations = "too-many-conversations"
    case tooManyMessages = "too-many-messages"
    case answerInProgress = "answer-in-progress"
    case assistantBusy = "assistant-busy"
    case internalError = "internal"
    case tooManyReports = "too-many-reports"
    case reportFinished = "report-finished"
    case reportNotReady = "report-not-ready"
    case reportsBusy = "reports-busy"
    case reportFailed = "report-failed"
    case reportPictureMissing = "report-picture-missing"
    case reportFontMissing = "report-font-missing"
    case reportInconsistent = "report-inconsistent"
    case reportTooLarge = "report-too-large"
    case reportInterrupted = "report-interrupted"
    case reportFormatUnavailable = "report-format-unavailable"
    case queueFull = "queue-full"
    case tooManyWaiting = "too-many-waiting"
    case queueDraining = "queue-draining"
    case engineUnavailable = "engine-unavailable"
    case storageBusy = "storage-busy"
    case storageFailed = "storage-failed"
    case shuttingDown = "shutting-down"
    case storageFull = "storage-full"
    // What the listener and the limits refuse.
    case requestTimeout = "request-timeout"
    case misdirectedRequest = "misdirected-request"
    case tooManyRequests = "too-many-requests"
    case headersTooLarge = "headers-too-large"
    case tooManyConnections = "too-many-connections"

    /// The only place where a code becomes a status.
    var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .malformedJSON, .malformedMultipart, .uploadIncomplete: .badRequest
        case .sessionRequired, .operatorTokenRequired: .unauthorized
        case .crossSiteRequest, .operatorRoleRequired, .grantRequired: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .analysisFinished, .analysisNotRetryable, .analysisQuarantined, .analysisNotCompleted, .readingAwaited,
            .readingRecorded, .modelWithdrawn, .pictureMismatch, .tooManyUploads,
            .wrongOffset, .requestInProgress, .tooManyConversations, .tooManyMessages, .answerInProgress,
            .tooManyReports, .reportFinished, .reportNotReady:
            .conflict
        case .uploadOver: .gone
        case .checksumMismatch: .init(code: 460, reasonPhrase: "Checksum Mismatch")
        case .intakeChanged, .tusVersion: .preconditionFailed
        case .payloadTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .rangeNotSatisfiable: .rangeNotSatisfiable
        case .validationFailed, .consentRequired, .emptyFile, .unsupportedFormat, .damagedPicture, .pictureTooLarge,
            .pictureTooSmall, .noPixels, .unsupportedTransferSyntax, .colourNotSupported, .pictureQuarantined,
            .damagedArchive, .encryptedArchive, .archiveTooLarge, .nothingReadable, .keyReused:
            .unprocessableContent
        case .internalError, .reportFailed, .reportPictureMissing, .reportFontMissing, .reportInconsistent,
            .reportTooLarge, .reportInterrupted:
            .internalServerError
        case .reportFormatUnavailable: .notImplemented
        case .tooManyWaiting: .tooManyRequests
        case .modelCheckFailed, .queueFull, .queueDraining, .engineUnavailable, .storageBusy, .storageFailed,
            .shuttingDown, .assistantBusy, .reportsBusy, .maintenance:
            .serviceUnavailable
        case .storageFull: .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .requestTimeout: .requestTimeout
        case .misdirectedRequest: .misdirectedRequest
        case .tooManyRequests: .tooManyRequests
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .tooManyConnections: .serviceUnavailable
        }
    }

    var title: String {
        switch self {
        case .badRequest: "The request can't be understood"
        case .malformedJSON: "The body is not valid JSON"
        case .malformedMultipart: "The form data is not well-formed"
        case .uploadIncomplete: "The upload ended too early"
        case .sessionRequired: "There is no session"
        case .crossSiteRequest: "The request came from another site"
        case .notFound: "Not found"
        case .methodNotAllowed: "This address doesn't take that method"
        case .intakeChanged: "The history was changed elsewhere"
        case .analysisFinished: "The analysis has ended"
        case .analysisNotRetryable: "The analysis can't be tried again"
        case .analysisQuarantined: "The picture stops the analysis"
        case .analysisNotCompleted: "The analysis has no result"
        case .readingAwaited: "A reading of the picture is awaited"
        case .readingRecorded: "The reading is final"
        case .modelWithdrawn: "The model is withdrawn"
        case .modelCheckFailed: "The model didn't pass its check"
        case .pictureMismatch: "The picture may belong to somebody else"
        case .operatorTokenRequired: "This needs the operator's token"
        case .operatorRoleRequired: "This needs another role"
        case .grantRequired: "The record isn't open"
        case .maintenance: "The server is being worked on"
        case .tooManyUploads: "This session holds as many pictures as it may"
        case .wrongOffset: "The part doesn't begin where the last one ended"
        case .requestInProgress: "The same request is under way"
        case .uploadOver: "The upload has ended"
        case .checksumMismatch: "The part isn't what its checksum says"
        case .tusVersion: "This version of tus isn't spoken here"
        case .keyReused: "The key was used for another request"
        case .payloadTooLarge: "The body is too large"
        case .unsupportedMediaType: "This kind of content isn't taken here"
        case .rangeNotSatisfiable: "The range lies outside of the document"
        case .validationFailed: "Some fields are not right"
        case .consentRequired: "Consent is missing"
        case .emptyFile: "The file is empty"
        case .unsupportedFormat: "The file is not a picture that can be read here"
        case .damagedPicture: "The picture is damaged"
        case .pictureTooLarge: "The picture has too many pixels"
        case .pictureTooSmall: "The picture has too few pixels"
        case .noPixels: "The file has no picture in it"
        case .unsupportedTransferSyntax: "The picture is compressed in a way that can't be read here"
        case .colourNotSupported: "The picture is in colour"
        case .pictureQuarantined: "The picture stopped the reader"
        case .damagedArchive: "The archive is damaged"
        case .encryptedArchive: "The archive is locked with a password"
        case .archiveTooLarge: "The archive holds too much"
        case .nothingReadable: "Nothing in the archive can be read here"
        case .tooManyConversations: "This session holds as many conversations as it may"
        case .tooManyMessages: "The conversation is as long as it may be"
        case .answerInProgress: "A question is being answered"
        case .assistantBusy: "The assistant has too much to do"
        case .internalError: "Something went wrong"
        case .tooManyReports: "This session holds as many reports as it may"
        case .reportFinished: "The report has ended"
        case .reportNotReady: "The report isn't ready"
        case .reportsBusy: "Too many reports are waiting"
        case .reportFailed: "The report could not be made"
        case .reportPictureMissing: "The picture for the report can't be read"
        case .reportFontMissing: "There is no font to set the report in"
        case .reportInconsistent: "The report contradicts itself"
        case .reportTooLarge: "The report would be too large"
        case .reportInterrupted: "The report was interrupted"
        case .reportFormatUnavailable: "The report can't be had in this format here"
        case .queueFull: "Too many analyses are waiting"
        case .tooManyWaiting: "Too many analyses of this session are waiting"
        case .queueDraining: "No new analyses are taken now"
        case .engineUnavailable: "The analysis isn't available now"
        case .storageBusy: "The storage is busy"
        case .storageFailed: "The storage doesn't answer as it should"
        case .shuttingDown: "The server is stopping"
        case .storageFull: "The storage is full"
        case .requestTimeout: "The request took too long"
        case .misdirectedRequest: "This server has another name"
        case .tooManyRequests: "Too many requests"
        case .headersTooLarge: "The headers are too large"
        case .tooManyConnections: "Too many connections"
        }
    }

    /// Seconds after which it is worth to try again; nil where trying again doesn't help.
    var retryAfter: Int? {
        switch self {
        case .queueFull, .tooManyWaiting: 10
        case .queueDraining: 60
        case .engineUnavailable, .shuttingDown, .storageFailed: 5
        case .storageBusy, .requestInProgress, .answerInProgress: 1
        case .assistantBusy, .reportsBusy, .tooManyConnections, .tooManyRequests: 5
        case .storageFull: 60
        case .modelCheckFailed: 300
        case .maintenance: 120
        default: nil
        }
    }

    init(_ part: Report.Part) {
        self =
            switch part {
            case .picture: .reportPictureMissing
            case .font: .reportFontMissing
            case .storage, .drawing: .reportFailed
            case .diskFull: .storageFull
            case .inconsistent: .reportInconsistent
            case .size: .reportTooLarge
            case .interrupted: .reportInterrupted
            case .format: .reportFormatUnavailable
            }
    }

    init(_ code: PictureFault.Code) {
        self =
            switch code {
            case .emptyFile: .emptyFile
            case .unsupportedFormat: .unsupportedFormat
            case .damagedPicture: .damagedPicture
            case .pictureTooLarge: .pictureTooLarge
            case .pictureTooSmall: .pictureTooSmall
            case .noPixels: .noPixels
            case .unsupportedTransferSyntax: .unsupportedTransferSyntax
            case .colourNotSupported: .colourNotSupported
            case .damagedArchive: .damagedArchive
            case .encryptedArchive: .encryptedArchive
            case .archiveTooLarge: .archiveTooLarge
            }
    }
}
