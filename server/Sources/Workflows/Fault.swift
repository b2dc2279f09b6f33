public import Domain

/// Everything that can stop a workflow. `WebAPI/Problem.swift` gives each case its status and its words.
public enum Fault: Error, Sendable {
    /// No such entity in this session; the same whether it exists elsewhere or not.
    case notFound
    /// Consent to the text that is shown now is missing.
    case consentRequired(currentVersion: String)
    case validation(ValidationFault)
    /// The history was changed since the revision that the change was made for.
    case intakeChanged
    /// The picture can't be used, and why.
    case picture(PictureFault)
    /// The picture stopped the decoder twice; it isn't kept.
    case pictureQuarantined
    case payloadTooLarge(limit: Int)
    /// The body ended before it was whole.
    case uploadIncomplete
    /// No file of an archive could be kept.
    case nothingReadable([RefusedFile])
    /// A part doesn't begin where the last one ended.
    case wrongOffset(is: Int)
    /// A part isn't what its checksum says; it was thrown away.
    case checksumMismatch
    /// An upload in parts has ended, or was given up.
    case receptionOver
    /// Another request is making the same thing, under the same key.
    case requestInProgress
    /// The key was used for another request.
    case keyReused
    /// The history and the file differ in fields that nobody has confirmed.
    case pictureMismatch([IdentityCheck.Field])
    case tooManyUploads(limit: Int)
    case analysisFinished
    case analysisNotRetryable
    /// The picture has ended too many workers.
    case analysisQuarantined
    case analysisNotCompleted
    /// Findings are held back until a clinician's own reading of the picture is recorded.
    case readingAwaited
    /// A reading that was recorded before the findings were shown is final.
    case readingRecorded
    /// The golden pictures don't give what they should, or couldn't be analysed yet.
    case modelCheckFailed
    /// No grant opens this record for this clinician now.
    case grantRequired
    /// The version of the model is withdrawn.
    case modelWithdrawn(ModelWithdrawal)
    case tooManyConversations(limit: Int)
    case tooManyMessages(limit: Int)
    /// A question of the same conversation is being answered.
    case answerInProgress
    /// As many answers are being written as may be.
    case assistantBusy
    /// As many analyses wait as may wait. After so many seconds there is probably room.
    case queueFull(retryAfter: Int?)
    /// As many analyses of this session wait as may wait.
    case tooManyWaiting(limit: Int, retryAfter: Int?)
    /// An operator lets the queue run empty.
    case queueDraining
    /// No worker can take the job now.
    case engineUnavailable
    case tooManyReports(limit: Int)
    /// The report has ended, so that it can't be cancelled.
    case reportFinished
    /// There are no documents of a report that is being made, or was cancelled.
    case reportNotReady(Report.State)
    /// As many reports wait as may wait.
    case reportsBusy
    case reportFailed(ReportFault)
    /// The database didn't get its turn in time.
    case storageBusy
    case storageFull
    case storageFailed(cause: PrivateCause)
    /// The disk, or the way to it, reports errors: what was to be written isn't there, and what is there may not be had.
    case storageUnavailable(cause: PrivateCause)

    public static func storageFailed(cause: any Error) -> Fault { .storageFailed(cause: PrivateCause(cause)) }

    public static func storageUnavailable(cause: any Error) -> Fault { .storageUnavailable(cause: PrivateCause(cause)) }

    /// Whether the same may succeed when it is tried again.
    public var isTransient: Bool {
        switch self {
        case .engineUnavailable, .modelCheckFailed, .storageBusy, .storageFull, .storageUnavailable, .storageFailed,
            .queueFull,
            .tooManyWaiting, .queueDraining, .requestInProgress, .answerInProgress, .assistantBusy, .reportsBusy:
            true
        default: false
        }
    }
}
