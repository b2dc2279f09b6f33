import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Workflows

/// An answer while it is written, as server-sent events.
struct AnswerStream: Sendable {
    private struct Began: Encodable {
        var question: ChatMessageBody
        var answer: ChatMessageBody
    }

    private struct Writing: Encodable {
        var tokens: Int
    }

    private struct Sentence: Encodable {
        var answerId: ChatMessageID
        var index: Int
        var sentence: AnswerSentenceBody
    }

    private struct Done: Encodable {
        var answer: ChatMessageBody
    }

    static func response(_ events: AsyncStream<NumberedAnswerEvent>) -> Response {
        respond { writer in
            for await signal in Pulse.merging(events) {
                switch signal {
                case .event(let event): try await writer.write(try Self.bytes(of: event.event, number: event.number))
                case .beat: try await writer.write(ByteBuffer(string: ": keep-alive\n\n"))
                }
            }
        }
    }

    /// The events of an answer that is over.
    static func response(question: ChatMessage, answer: ChatMessage) -> Response {
        respond { writer in
            let began = AnswerEvent.began(question: question, answer: answer)
            for (offset, event) in [began, .done(answer: answer)].enumerated() {
                try await writer.write(try Self.bytes(of: event, number: offset))
            }
        }
    }

    private static func respond(
        _ body: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
                try await body(&writer)
                try await writer.finish(nil)
            })
    }

    private static func bytes(of event: AnswerEvent, number: Int) throws -> ByteBuffer {
        let name: String
        let data: [UInt8]
        switch event {
        case .began(let question, let answer):
            name = "begin"
            data = try JSON.bytes(
                Began(question: ChatMessageBody(question), answer: ChatMessageBody(answer)))
        case .writing(let tokens):
            name = "writing"
            data = try JSON.bytes(Writing(tokens: tokens))
        case .sentence(let sentence, let index, let id):
            name = "sentence"
            data = try JSON.bytes(
                Sentence(answerId: id, index: index, sentence: AnswerSentenceBody(sentence)))
        case .done(let answer):
            name = "done"
            data = try JSON.bytes(Done(answer: ChatMessageBody(answer)))
        }
        var buffer = ByteBuffer(string: "id: \(number)\nevent: \(name)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        return buffer
    }
}
