internal import Foundation

/// A message with its attachments, and how both become bytes.
///
/// On the wire: length of the envelope and length of all attachments (each 32 bits, little endian), the envelope (JSON:
/// the message, and the name and length of each attachment), then the attachments one after another.
public struct WorkerFrame<Message: Codable & Sendable>: Sendable {
    public var message: Message
    public var attachments: [WorkerAttachment]

    /// Most attachments of a frame. An analysis has a preview and one heat map for each finding.
    public static var mostAttachments: Int { 256 }

    public init(_ message: Message, attachments: [WorkerAttachment] = []) {
        self.message = message
        self.attachments = attachments
    }

    private struct Envelope: Codable {
        struct Part: Codable {
            var name: String
            var length: Int
        }

        var message: Message
        var attachments: [Part]?
    }

    /// - Throws: ``WorkerProtocolFault`` with `tooLong`, or `malformed` where the message has no JSON form.
    public func encoded() throws(WorkerProtocolFault) -> [UInt8] {
        let parts = attachments.map { Envelope.Part(name: $0.name, length: $0.bytes.count) }
        let envelope: Data
        do {
            envelope = try JSONEncoder().encode(
                Envelope(message: message, attachments: parts.isEmpty ? nil : parts))
        } catch {
            throw WorkerProtocolFault(.malformed, "A message cannot be written as JSON.")
        }
        let header = try FrameHeader(
            envelopeLength: envelope.count, attachmentsLength: parts.reduce(0) { $0 + $1.length })
        var bytes: [UInt8] = []
        bytes.reserveCapacity(FrameHeader.length + header.envelopeLength + header.attachmentsLength)
        bytes += header.encoded
        bytes += envelope
        for attachment in attachments { bytes += attachment.bytes }
        return bytes
    }

    /// - Parameter body: what follows the header, of exactly the lengths that the header states.
    /// - Throws: ``WorkerProtocolFault`` with `malformed`.
    public init(header: FrameHeader, body: [UInt8]) throws(WorkerProtocolFault) {
        guard body.count == header.bodyLength else {
            throw WorkerProtocolFault(.malformed, "A frame has another length than its header states.")
        }
        let envelope: Envelope
        do {
            envelope = try JSONDecoder().decode(Envelope.self, from: Data(body[..<header.envelopeLength]))
        } catch {
            throw WorkerProtocolFault(.malformed, "A frame's JSON is none of the known messages.")
        }
        // Each name is compared with those before it: without a limit, a worker gone bad could keep the server at that.
        guard (envelope.attachments?.count ?? 0) <= Self.mostAttachments else {
            throw WorkerProtocolFault(.malformed, "A frame has more than \(Self.mostAttachments) attachments.")
        }
        var position = header.envelopeLength
        var attachments: [WorkerAttachment] = []
        for part in envelope.attachments ?? [] {
            guard part.length >= 0, part.length <= body.count - position,
                !attachments.contains(where: { $0.name == part.name })
            else { throw WorkerProtocolFault(.malformed, "A frame's attachments do not fit its length.") }
            attachments.append(
                WorkerAttachment(name: part.name, bytes: Array(body[position..<position + part.length])))
            position += part.length
        }
        guard position == body.count else {
            throw WorkerProtocolFault(.malformed, "A frame has bytes that belong to no attachment.")
        }
        message = envelope.message
        self.attachments = attachments
    }

    /// The bytes of an attachment, or nil.
    public func attachment(_ name: String) -> [UInt8]? {
        attachments.first { $0.name == name }?.bytes
    }
}

extension WorkerFrame: Equatable where Message: Equatable {}

/// The first eight bytes of a frame. Its lengths are within bounds once it exists, so that they may be allocated.
public struct FrameHeader: Sendable, Equatable {
    /// Bytes of a header.
    public static let length = 8
    /// Most bytes of an envelope and of all attachments together. An analysis takes about 40 KB and 1 MB.
    public static let longestEnvelope = 4 << 20
    public static let longestAttachments = 64 << 20

    public let envelopeLength: Int
    public let attachmentsLength: Int

    /// Bytes after the header.
    public var bodyLength: Int { envelopeLength + attachmentsLength }

    /// - Throws: ``WorkerProtocolFault`` with `tooLong` or, for an empty envelope, `malformed`.
    public init(envelopeLength: Int, attachmentsLength: Int) throws(WorkerProtocolFault) {
        guard envelopeLength > 0, attachmentsLength >= 0 else {
            throw WorkerProtocolFault(.malformed, "A frame has no message.")
        }
        guard envelopeLength <= Self.longestEnvelope, attachmentsLength <= Self.longestAttachments else {
            throw WorkerProtocolFault(
                .tooLong, "A frame of \(envelopeLength) and \(attachmentsLength) bytes is over the limit.")
        }
        self.envelopeLength = envelopeLength
        self.attachmentsLength = attachmentsLength
    }

    /// - Parameter bytes: exactly ``length`` bytes.
    /// - Throws: as ``init(envelopeLength:attachmentsLength:)``.
    public init(_ bytes: [UInt8]) throws(WorkerProtocolFault) {
        guard bytes.count == Self.length else {
            throw WorkerProtocolFault(.malformed, "A frame's header has \(bytes.count) bytes.")
        }
        func number(at start: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
        }
        try self.init(envelopeLength: number(at: 0), attachmentsLength: number(at: 4))
    }

    public var encoded: [UInt8] {
        [envelopeLength, attachmentsLength].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
    }
}
