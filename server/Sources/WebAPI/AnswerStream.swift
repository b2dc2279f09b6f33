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

    /// The events of the answer that is being written in a conversation; nil where none is.
    static func response(
        of conversation: ConversationID, after number: Int?, on board: AnswerBoard, to channel: any Channel
    ) -> Response? {
        let stream = EventStream(on: channel, mostWaiting: 256) { (event: NumberedAnswerEvent, buffer) in
            try write(event.event, number: event.number, to: &buffer)
        }
        return board.watch(conversation, after: number, by: stream.watcher).map { stream.response(holding: $0) }
    }

    /// The events of an answer that is over.
    static func response(question: ChatMessage, answer: ChatMessage) throws -> Response {
        var events = ByteBuffer()
        try write(.began(question: question, answer: answer), number: 0, to: &events)
        try write(.done(answer: answer), number: 1, to: &events)
        return EventStreams.response(of: events)
    }

    private static func write(_ event: AnswerEvent, number: Int, to buffer: inout ByteBuffer) throws {
        switch event {
        case .began(let question, let answer):
            let began = Began(question: ChatMessageBody(question), answer: ChatMessageBody(answer))
            try buffer.writeEvent("begin", id: number, data: began)
        case .writing(let tokens):
            try buffer.writeEvent("writing", id: number, data: Writing(tokens: tokens))
        case .sentence(let sentence, let index, let id):
            let said = Sentence(answerId: id, index: index, sentence: AnswerSentenceBody(sentence))
            try buffer.writeEvent("sentence", id: number, data: said)
        case .done(let answer):
            try buffer.writeEvent("done", id: number, data: Done(answer: ChatMessageBody(answer)))
        }
    }
}
