import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Listener
import Multipart
import NIOCore
import Resumable
import Workflows

/// An error as it is answered: `application/problem+json` (RFC 9457).
///
/// This file is the only one that turns errors into answers. What isn't known here becomes `internal` with the request
/// id and nothing else; its cause is in the log.
struct Problem: Error, Sendable {
    var code: ProblemCode
    /// One or two sentences for people: what is wrong, and what to do.
    var detail: String
    var faults: [FieldFault] = []
    var headers = HTTPFields()
    /// Of 429: the buckets that are empty.
    var violatedPolicies: [String]?
    /// Of a report: what failed, and what can be had all the same.
    var report: ReportFault?
    /// Of `not-found`: what was asked about is the session's own, and only what was wanted of it isn't there.
    var isOwn = false
    /// Seconds after which it is worth to try again; nil for what the code says.
    var retryAfter: Int?
    /// For the log only.
    var cause: PrivateCause?

    init(_ code: ProblemCode, _ detail: String, faults: [FieldFault] = [], cause: (any Error)? = nil) {
        self.code = code
        self.detail = detail
        self.faults = faults
        self.cause = cause.map { PrivateCause($0) }
    }

    /// What an error means for the client.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let fault as Fault: self.init(fault)
        case let fault as ValidationFault: self.init(.validation(fault))
        case let error as MultipartError: self.init(.malformedMultipart, error.message)
        case let refusal as ListenerRefusal: self.init(refusal)
        case let error as TusError:
            self.init(
                .badRequest, error.message,
                faults: [FieldFault(pointer: "/headers/\(error.header)", code: .notReadable, detail: error.message)])
        case is NIOTooManyBytesError:
            self.init(.payloadTooLarge, "The body is larger than this address takes.")
        case let error as HTTPError where error.status == .notFound:
            self.init(.notFound, "There is nothing at this address.")
        case let error as any HTTPResponseError where (400..<500).contains(error.status.code):
            self.init(.badRequest, "The request can't be understood.", cause: error)
        default:
            self.init(
                .internalError, "It is not your fault. Try again; if it stays, tell the operator the request id.",
                cause: error)
        }
    }

    private init(_ fault: Fault) {
        switch fault {
        case .notFound:
            self.init(.notFound, "It doesn't exist, or it isn't part of this session.")
        case .consentRequired(let version):
            self.init(
                .consentRequired, "Read the text and agree to it first. Its version is \(version).",
                faults: [
                    FieldFault(pointer: "/consent", code: .required, detail: "Agree to version \(version) of the text.")
                ])
        case .validation(let validation):
            self.init(
                .validationFailed,
                validation.faults.count == 1
                    ? "One field is not right. Nothing was saved."
                    : "\(validation.faults.count) fields are not right. Nothing was saved.",
                faults: validation.faults)
        case .picture(let picture):
            self.init(ProblemCode(picture.code), picture.message)
        case .pictureQuarantined:
            self.init(.pictureQuarantined, RefusedFile.quarantined)
        case .payloadTooLarge(let limit):
            self.init(.payloadTooLarge, RefusedFile.tooLarge(limit))
        case .nothingReadable(let files):
            self.init(
                .nothingReadable,
                files.isEmpty ? "There is no file in it." : "None of the \(files.count) files in it was kept.",
                faults: files.prefix(Problem.mostFaults).enumerated().map { index, file in
                    FieldFault(
                        pointer: "/files/\(index)", code: .notReadable, detail: "\(file.fileName): \(file.detail)")
                })
        case .wrongOffset(let present):
            self.init(.wrongOffset, "\(present) bytes are here. Go on from there.")
            headers[.uploadOffset] = String(present)
        case .checksumMismatch:
            self.init(.checksumMismatch, "It was thrown away. Send the same part again.")
        case .receptionOver:
            self.init(.uploadOver, "Nothing can be added to it. Begin a new upload.")
        case .requestInProgress:
            self.init(.requestInProgress, "Ask again in a moment: the answer will be there.")
        case .keyReused:
            self.init(.keyReused, "Take a new Idempotency-Key for a new request.")
        case .uploadIncomplete:
            self.init(.uploadIncomplete, "The connection ended before the whole file had come. Send it again.")
        case .pictureMismatch(let fields):
            self.init(
                .pictureMismatch,
                "The history and the file differ. Check that it is the right picture, and confirm it.",
                faults: fields.map {
                    FieldFault(
                        pointer: "/confirmedDifferences", code: .required, detail: "Confirm “\($0.rawValue)”.")
                })
        case .tooManyUploads(let limit):
            self.init(.tooManyUploads, RefusedFile.tooMany(limit))
        case .intakeChanged:
            self.init(
                .intakeChanged, "Nothing was saved. Read the history again, then send the change for its new revision.")
        case .analysisFinished:
            self.init(.analysisFinished, "It has ended already, so it can't be cancelled.")
        case .analysisQuarantined:
            self.init(.analysisQuarantined, Analysis.Failure.quarantined.message)
        case .analysisNotRetryable:
            self.init(.analysisNotRetryable, "Only an analysis that failed or was cancelled can be tried again.")
        case .analysisNotCompleted:
            self.init(.analysisNotCompleted, "A report needs a completed analysis.")
        case .readingAwaited:
            self.init(
                .readingAwaited,
                "The findings in this picture are held back until a reading is recorded. Record it, or show them without."
            )
        case .readingRecorded:
            self.init(.readingRecorded, "It was recorded before the findings were shown, so that it stays as it is.")
        case .grantRequired:
            self.init(
                .grantRequired,
                "Open the record first, with a reason. What opens it is yours alone, for this record, and for a quarter of an hour."
            )
        case .modelWithdrawn(let withdrawal):
            self.init(.modelWithdrawn, "The operator has withdrawn it: \(withdrawal.reason)")
        case .modelCheckFailed:
            self.init(
                .modelCheckFailed,
                "The model didn't pass its own check, so nothing is analysed until it does. Your picture is kept.")
        case .queueFull(let seconds):
            self.init(.queueFull, "Try again \(Self.after(seconds)). Your picture is kept.")
            retryAfter = seconds
        case .tooManyWaiting(let limit, let seconds):
            self.init(
                .tooManyWaiting,
                "\(limit) analyses of this session wait already. Try again \(Self.after(seconds)). Your picture is kept."
            )
            retryAfter = seconds
        case .queueDraining:
            self.init(.queueDraining, "What waits is worked off first. Your picture is kept.")
        case .tooManyConversations(let limit):
            self.init(.tooManyConversations, "Delete one first: a session holds at most \(limit).")
        case .tooManyMessages(let limit):
            self.init(.tooManyMessages, "Begin a new conversation: one holds at most \(limit) messages.")
        case .answerInProgress:
            self.init(.answerInProgress, "Wait until the answer before is finished, or stop it.")
        case .assistantBusy:
            self.init(.assistantBusy, "Try again in a moment. The result and the report don't need the assistant.")
        case .engineUnavailable:
            self.init(.engineUnavailable, "The part that reads pictures isn't ready. Try again in a moment.")
        case .tooManyReports(let limit):
            self.init(.tooManyReports, "Delete one first: a session holds at most \(limit).")
        case .reportFinished:
            self.init(.reportFinished, "It has ended already, so it can't be cancelled.")
        case .reportNotReady(let state):
            self.init(
                .reportNotReady,
                state == .cancelled
                    ? "It was cancelled. Ask for a new one." : "It is still being made. Ask again when it is ready.")
        case .reportsBusy:
            self.init(.reportsBusy, "Try again in a moment. The result is still there.")
        case .reportFailed(let fault):
            self.init(fault)
        case .storageBusy:
            self.init(.storageBusy, "Nothing was changed. Try again in a moment.")
        case .storageFull:
            self.init(.storageFull, "Nothing was changed. The operator has to make room.")
        case .storageUnavailable(let cause):
            self.init(.storageFailed, "Nothing was changed. Try again in a moment.", cause: cause.revealed)
        case .storageFailed(let cause):
            self.init(
                .internalError, "Nothing was changed. Try again; if it stays, tell the operator the request id.",
                cause: cause.revealed)
        }
    }

    private static func after(_ seconds: Int?) -> String {
        guard let seconds, seconds > 5 else { return "in a moment" }
        return seconds < 120 ? "in \(seconds) seconds" : "in \((seconds + 30) / 60) minutes"
    }

    init(_ fault: ReportFault) {
        self.init(ProblemCode(fault.part), fault.part.sentence, cause: fault.cause?.revealed)
        report = fault
    }

    func response(requestID: String) -> Response {
        var fields = headers
        fields[.contentType] = "application/problem+json; charset=utf-8"
        fields[.cacheControl] = "no-store"
        if fields[.retryAfter] == nil, let seconds = retryAfter ?? code.retryAfter {
            fields[.retryAfter] = String(seconds)
        }
        return Response(
            status: code.status, headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes(requestID: requestID))))
    }

    /// Mistakes that are told one by one. A request can hold any number of them, an answer can't.
    static let mostFaults = 100

    func text(requestID: String) -> String { String(decoding: bytes(requestID: requestID), as: UTF8.self) }

    private func bytes(requestID: String) -> [UInt8] {
        let body = Body(
            type: "/docs/errors.md#\(code.rawValue)", title: code.title, status: code.status.code, detail: detail,
            instance: requestID, code: code.rawValue,
            errors: faults.isEmpty ? nil : Array(faults.prefix(Self.mostFaults)),
            errorCount: faults.count > Self.mostFaults ? faults.count : nil, violatedPolicies: violatedPolicies,
            failed: report?.part, available: report?.available,
            report: report?.report.map { "/api/v1/reports/\($0)" },
            retryAfter: retryAfter ?? code.retryAfter)
        return (try? JSON.bytes(body)) ?? Array("{}".utf8)
    }

    private struct Body: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var instance: String
        var code: String
        var errors: [FieldFault]?
        /// Of all mistakes, where ``errors`` holds only some.
        var errorCount: Int?
        var violatedPolicies: [String]?
        var failed: Report.Part?
        var available: [Report.Format]?
        var report: String?
        var retryAfter: Int?

        enum CodingKeys: String, CodingKey {
            case type, title, status, detail, instance, code, errors, errorCount
            // As the draft of the RateLimit headers names it.
            case violatedPolicies = "violated-policies"
            case failed, available, report, retryAfter
        }
    }
}
