import Domain
import Foundation
import Testing
import WorkerProtocol

@Suite("Frames between server and worker")
struct FrameTests {
    static let limits = PictureLimits.standard
    static let requests: [WorkerRequest] = [
        .inspect(id: 1, limits: limits, previewEdges: [512]),
        .rendition(id: .max, limits: limits, frame: 0, adjustment: .none, edge: 16),
        .analyse(id: 0, limits: limits, frame: 3, adjustment: .none), .encode(id: 5),
        .heatMap(
            id: 3, activation: HeadActivation(headID: "x", columns: 2, rows: 1, values: [0, 0.5]), width: 40,
            height: 30,
            longestEdge: 384),
        .samples(id: 4, limits: limits, frame: 1),
        .readText(id: 6, limits: limits, frame: 2), .list(id: 7, limits: limits, archive: .standard),
        .extract(id: 8, limits: limits, archive: .standard, index: 499), .deidentify(id: 9, limits: limits),
        .inspect(id: 2, limits: limits, previewEdges: []),
    ]

    @Test("Answers about letters, archives and de-identified files come back as they were sent")
    func answers() throws {
        let line = BurnedInText.Line(text: "SMITH", confidence: 0.9, x: 0.1, y: 0.2, width: 0.3, height: 0.05)
        let replies: [WorkerReply] = [
            .piece(id: 4), .extracted(id: 5),
            .textRead(id: 1, text: BurnedInText(lines: [line], sideMarkers: [], milliseconds: 12)),
            .listed(id: 2, entries: [ArchiveEntry(index: 3, name: "film.png", bytes: 7)]),
            .deidentified(
                id: 3, removed: [DeidentifiedElement(tag: "(0010,0010)", name: "PatientName", action: .emptied)]),
        ]
        for reply in replies {
            let frame = WorkerFrame(
                reply, attachments: [WorkerAttachment(name: WorkerAttachment.piece, bytes: [1, 2])])
            let bytes = try frame.encoded()
            let header = try FrameHeader(Array(bytes.prefix(FrameHeader.length)))
            let read = try WorkerFrame<WorkerReply>(header: header, body: Array(bytes.dropFirst(FrameHeader.length)))
            #expect(read == frame && read.message.id != nil)
        }
    }

    @Test("A vector comes back with the bits that it was sent with")
    func vector() throws {
        let vector = (0..<384).map { Float($0 - 190) / 7e3 } + [.leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1]
        let frame = WorkerFrame(WorkerReply.encoded(id: 3, vector: PackedFloats(vector)))
        let bytes = try frame.encoded()
        let header = try FrameHeader(Array(bytes.prefix(FrameHeader.length)))
        let read = try WorkerFrame<WorkerReply>(header: header, body: Array(bytes.dropFirst(FrameHeader.length)))
        #expect(read == frame && read.message.id == 3)
    }

    @Test("A vector with a number that is not finite has no form on the wire")
    func notFinite() throws {
        let fault = try #require(throws: WorkerProtocolFault.self) {
            try WorkerFrame(WorkerReply.encoded(id: 3, vector: PackedFloats([.nan]))).encoded()
        }
        #expect(fault.code == .malformed)
    }

    /// Header and envelope as bytes, with lengths that may lie.
    static func frame(_ envelope: String, envelopeLength: Int? = nil, attachmentsLength: Int = 0) throws -> [UInt8] {
        try FrameHeader(
            envelopeLength: envelopeLength ?? envelope.utf8.count, attachmentsLength: attachmentsLength
        ).encoded + Array(envelope.utf8)
    }

    @Test("A frame is read as it was written", arguments: requests)
    func roundTrip(request: WorkerRequest) throws {
        let frame = WorkerFrame(
            request,
            attachments: [
                WorkerAttachment(name: "preview", bytes: [1, 2, 3]), WorkerAttachment(name: "empty", bytes: []),
                WorkerAttachment(name: WorkerAttachment.heatMap, bytes: [9]),
            ])
        let bytes = try frame.encoded()
        let header = try FrameHeader(Array(bytes.prefix(FrameHeader.length)))
        let read = try WorkerFrame<WorkerRequest>(header: header, body: Array(bytes.dropFirst(FrameHeader.length)))
        #expect(read == frame)
        #expect(read.attachment("preview") == [1, 2, 3])
        #expect(read.attachments.last?.name == WorkerAttachment.heatMap)
        #expect(read.message.id == request.id)
    }

    @Test(
        "Lengths over the limit are refused before anything is allocated",
        arguments: [
            (0, 0, WorkerProtocolFault.Code.malformed), (FrameHeader.longestEnvelope + 1, 0, .tooLong),
            (1, FrameHeader.longestAttachments + 1, .tooLong), (0xffff_ffff, 0xffff_ffff, .tooLong),
        ])
    func lengths(envelope: Int, attachments: Int, code: WorkerProtocolFault.Code) throws {
        let bytes = [envelope, attachments].flatMap { number in (0..<4).map { UInt8(number >> (8 * $0) & 0xff) } }
        let fault = try #require(throws: WorkerProtocolFault.self) { try FrameHeader(bytes) }
        #expect(fault.code == code)
    }

    @Test("The longest lengths are allowed")
    func longest() throws {
        let header = try FrameHeader(
            envelopeLength: FrameHeader.longestEnvelope, attachmentsLength: FrameHeader.longestAttachments)
        #expect(try FrameHeader(header.encoded) == header)
    }

    @Test(
        "A body that isn't a known message with fitting attachments is refused",
        arguments: [
            ("", 0), ("{}", 0), ("null", 0), ("[1]", 0), (#"{"message":{"reboot":{}}}"#, 0),
            (#"{"message":{"inspect":{"id":-1}}}"#, 0),
            (#"{"message":{"rendered":{"id":1}},"attachments":[{"name":"a","length":5}]}"#, 4),
            (#"{"message":{"rendered":{"id":1}},"attachments":[{"name":"a","length":3}]}"#, 4),
            (#"{"message":{"rendered":{"id":1}},"attachments":[{"name":"a","length":-1}]}"#, 0),
            (
                #"{"message":{"rendered":{"id":1}},"attachments":[{"name":"a","length":9223372036854775807},{"name":"b","length":4}]}"#,
                4
            ),
            (
                #"{"message":{"rendered":{"id":1}},"attachments":[{"name":"a","length":2},{"name":"a","length":2}]}"#,
                4
            ),
        ])
    func badBodies(envelope: String, attachments: Int) throws {
        let length = max(1, envelope.utf8.count)
        let header = try FrameHeader(envelopeLength: length, attachmentsLength: attachments)
        let body = Array(envelope.utf8) + [UInt8](repeating: 0, count: attachments)
        let fault = try #require(throws: WorkerProtocolFault.self) {
            try WorkerFrame<WorkerReply>(header: header, body: body)
        }
        #expect(fault.code == .malformed)
    }

    @Test("A frame with more attachments than any message has is refused before they are compared with each other")
    func manyAttachments() throws {
        func body(_ count: Int) -> [UInt8] {
            let parts = (0..<count).map { #"{"name":"\#($0)","length":0}"# }.joined(separator: ",")
            return Array(#"{"message":{"encoded":{"id":1,"vector":""}},"attachments":[\#(parts)]}"#.utf8)
        }
        func read(_ body: [UInt8]) throws(WorkerProtocolFault) -> WorkerFrame<WorkerReply> {
            try WorkerFrame(header: FrameHeader(envelopeLength: body.count, attachmentsLength: 0), body: body)
        }
        let most = WorkerFrame<WorkerReply>.mostAttachments
        #expect(try read(body(most)).attachments.count == most)
        for count in [most + 1, 100_000] {
            let fault = try #require(throws: WorkerProtocolFault.self) { try read(body(count)) }
            #expect(fault.code == .malformed)
        }
    }

    @Test("Whatever stands in a body, it is a frame or a fault, never a crash")
    func damaged() throws {
        let good = try WorkerFrame(
            Self.requests[2], attachments: [WorkerAttachment(name: "preview", bytes: Array(0..<40))]
        ).encoded()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 8..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let header = try FrameHeader(Array(bytes.prefix(8)))
            let frame = try? WorkerFrame<WorkerRequest>(header: header, body: Array(bytes.dropFirst(8)))
            #expect(frame == nil || frame?.attachments.map(\.bytes.count).reduce(0, +) == 40)
        }
    }
}
