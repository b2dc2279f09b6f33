import Assistant
import Domain
import Foundation
import Workflows

/// A conversation in a list.
struct ConversationSummaryBody: Encodable {
    var id: ConversationID
    var title: String
    var createdAt: Date
    var updatedAt: Date
    var messages: Int

    init(_ conversation: Conversation, messages: Int) {
        id = conversation.id
        title = conversation.title
        createdAt = conversation.createdAt
        updatedAt = conversation.updatedAt
        self.messages = messages
    }
}

/// A conversation with all that was said.
struct ConversationBody: Encodable {
    var id: ConversationID
    var title: String
    var createdAt: Date
    var updatedAt: Date
    var messages: Int
    var items: [ChatMessageBody]
    /// What may be asked next.
    var suggestions: [String]
    /// The answer that is being written.
    var answering: ChatMessageID?

    init(_ conversation: Conversation, _ messages: [ChatMessage], suggestions: [String], answering: ChatMessageID?) {
        id = conversation.id
        title = conversation.title
        createdAt = conversation.createdAt
        updatedAt = conversation.updatedAt
        self.messages = messages.count
        items = messages.map(ChatMessageBody.init)
        self.suggestions = suggestions
        self.answering = answering
    }
}

/// A question or an answer.
struct ChatMessageBody: Encodable {
    enum Role: String, Encodable { case person, assistant }

    var id: ChatMessageID
    var number: Int
    var role: Role
    var createdAt: Date
    /// The whole as plain text.
    var text: String
    var answer: ChatAnswerBody?

    init(_ message: ChatMessage) {
        id = message.id
        number = message.number
        createdAt = message.createdAt
        switch message.content {
        case .question(let question):
            role = .person
            text = question
        case .answer(let given):
            role = .assistant
            text = given.text
            answer = ChatAnswerBody(given)
        }
    }
}

struct ChatAnswerBody: Encodable {
    var state: ChatAnswer.State
    var speaker: SpeakerBody
    var sentences: [AnswerSentenceBody]
    var intent: String
    var fallback: ChatAnswer.Fallback?
    var struck: Int
    var acuity: AcuityLevel
    var suggestions: [String]

    init(_ answer: ChatAnswer) {
        state = answer.state
        speaker = SpeakerBody(answer.speaker)
        sentences = answer.sentences.map(AnswerSentenceBody.init)
        intent = answer.intent
        fallback = answer.fallback
        struck = answer.struck
        acuity = answer.acuity
        suggestions = answer.suggestions
    }
}

/// Who speaks.
struct SpeakerBody: Encodable {
    enum Kind: String, Encodable { case library, model }

    var kind: Kind
    var name: String?

    init(_ speaker: ChatAnswer.Speaker) {
        switch speaker {
        case .library: kind = .library
        case .model(let name):
            kind = .model
            self.name = name
        }
    }
}

struct AnswerSentenceBody: Encodable {
    struct Ground: Encodable {
        var kind: Evidence.Kind
        var id: String
        var label: String
        /// Of a published source.
        var address: String?
    }

    var text: String
    var layout: AnswerSentence.Layout
    var evidence: [Ground]
    var replacesStruck: Bool

    private static let addresses = Dictionary(
        Knowledge.sources.map { ($0.key, $0.address) }, uniquingKeysWith: { first, _ in first })

    init(_ sentence: AnswerSentence) {
        text = sentence.text
        layout = sentence.layout
        evidence = sentence.evidence.map {
            Ground(
                kind: $0.kind, id: $0.id, label: $0.label,
                address: $0.kind == .source ? Self.addresses[$0.id] : nil)
        }
        replacesStruck = sentence.replacesStruck
    }
}
