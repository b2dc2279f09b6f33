import Assistant
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Workflows

/// Questions about the record, and their answers.
struct ConversationRoutes: Sendable {
    let answers: AnswerQuestion
    let conversations: any ConversationStore
    /// The language model's name; nil where the library speaks alone.
    let modelName: String?
    let once: CreateOnce

    func add(to api: RouterGroup<AppContext>) {
        api.get("assistant", use: assistant)
        api.post("conversations", use: create)
        api.get("conversations", use: list)
        api.get("conversations/:conversation", use: show)
        api.patch("conversations/:conversation", use: rename)
        api.delete("conversations/:conversation", use: delete)
        api.post("conversations/:conversation/messages", use: ask)
        api.post("conversations/:conversation/regenerate", use: regenerate)
        api.post("conversations/:conversation/stop", use: stop)
        api.get("conversations/:conversation/events", use: events)
    }

    // MARK: - Conversations

    private struct AssistantBody: Encodable {
        var speaker: SpeakerBody
        var note: String
        var canStop: Bool
        /// Of the library of answers.
        var libraryVersion: String
    }

    /// Who speaks.
    @Sendable private func assistant(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(
            AssistantBody(
                speaker: SpeakerBody(modelName.map { .model($0) } ?? .library),
                note:
                    "This is a program, not a clinician. It explains what is in your record. It can be wrong, and it doesn't replace an examination.",
                canStop: modelName != nil, libraryVersion: Knowledge.version))
    }

    private struct NewConversation: Decodable {
        var title: String?
    }

    @Sendable private func create(_ request: Request, context: AppContext) async throws -> Response {
        let session = try context.session.id
        let title = try await JSON.decode(NewConversation.self, from: request).title ?? ""
        return try await once(request, fingerprint: title, in: session) {
            try await created(try await answers.begin(title: title, in: session))
        } again: { made in
            guard let id: ConversationID = made.identifier(),
                let conversation = try await conversations.conversation(id, in: session)
            else { return nil }
            return try await created(conversation)
        }
    }

    private func created(_ conversation: Conversation) async throws -> Response {
        try JSON.response(
            try await body(conversation), status: .created,
            headers: [.location: "/api/v1/conversations/\(conversation.id)"])
    }

    private struct ListBody: Encodable {
        var conversations: [ConversationSummaryBody]
    }

    @Sendable private func list(_ request: Request, context: AppContext) async throws -> Response {
        let all = try await conversations.conversations(in: try context.session.id)
        return try JSON.response(
            ListBody(conversations: all.map { ConversationSummaryBody($0.conversation, messages: $0.messages) }))
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        try JSON.response(try await body(try await conversation(context)))
    }

    private struct Renaming: Decodable {
        var title: String
    }

    @Sendable private func rename(_ request: Request, context: AppContext) async throws -> Response {
        let id = try await conversation(context).id
        let title = try await JSON.decode(Renaming.self, from: request).title
        let session = try context.session.id
        let renamed = try await answers.rename(id, to: title, in: session)
        let count = try await conversations.messages(of: id, in: session).count
        return try JSON.response(ConversationSummaryBody(renamed, messages: count))
    }

    @Sendable private func delete(_ request: Request, context: AppContext) async throws -> Response {
        try await answers.delete(try context.identifier("conversation"), in: try context.session.id)
        return Response(status: .noContent)
    }

    // MARK: - Questions

    private struct Question: Decodable {
        var text: String
        /// An earlier question that this one takes the place of; all after it is removed.
        var replaces: String?
    }

    private struct ExchangeBody: Encodable {
        var question: ChatMessageBody
        var answer: ChatMessageBody
    }

    private struct AnswerBody: Encodable {
        var answer: ChatMessageBody?
    }

    @Sendable private func ask(_ request: Request, context: AppContext) async throws -> Response {
        let conversation = try await conversation(context)
        let question = try await JSON.decode(Question.self, from: request)
        var replaced: ChatMessageID?
        if let text = question.replaces {
            guard let id = ChatMessageID(text) else { throw Fault.notFound }
            replaced = id
        }
        return try await answer(
            request, context, fingerprint: "\(question.text) \(question.replaces ?? "")", conversation
        ) {
            try await answers.ask(question.text, replacing: replaced, in: conversation)
        }
    }

    @Sendable private func regenerate(_ request: Request, context: AppContext) async throws -> Response {
        let conversation = try await conversation(context)
        return try await answer(request, context, fingerprint: "again", conversation) {
            try await answers.again(in: conversation)
        }
    }

    /// As events where those are asked for; otherwise the whole, when it is finished.
    private func answer(
        _ request: Request, _ context: AppContext, fingerprint: String, _ conversation: Conversation,
        _ ask: () async throws -> AnswerQuestion.Asked
    ) async throws -> Response {
        let (made, isReplayed) = try await once.remembering(
            request, fingerprint: fingerprint, in: conversation.sessionID
        ) {
            try await ask().answer.id.description
        }
        var response = try await response(request, context, made, in: conversation)
        if isReplayed { response.headers[.idempotentReplayed] = "true" }
        return response
    }

    private func response(
        _ request: Request, _ context: AppContext, _ made: String, in conversation: Conversation
    ) async throws -> Response {
        let id = conversation.id
        let wantsEvents = request.headers[.accept]?.contains("text/event-stream") ?? false
        if wantsEvents {
            let response = AnswerStream.response(of: id, after: nil, on: answers.board, to: context.channel)
            if let response, answers.board.current(id)?.description == made { return response }
        } else if let events = answers.board.events(of: id, after: nil),
            answers.board.current(id)?.description == made
        {
            for await _ in events {}
        }
        let messages = try await conversations.messages(of: id, in: conversation.sessionID)
        guard let index = messages.firstIndex(where: { $0.id.description == made }), index > 0 else {
            throw Fault.notFound
        }
        if wantsEvents { return try AnswerStream.response(question: messages[index - 1], answer: messages[index]) }
        return try JSON.response(
            ExchangeBody(
                question: ChatMessageBody(messages[index - 1]), answer: ChatMessageBody(messages[index])))
    }

    @Sendable private func stop(_ request: Request, context: AppContext) async throws -> Response {
        let answer = try await answers.stop(try context.identifier("conversation"), in: try context.session.id)
        return try JSON.response(AnswerBody(answer: answer.map(ChatMessageBody.init)))
    }

    @Sendable private func events(_ request: Request, context: AppContext) async throws -> Response {
        let conversation = try await conversation(context)
        let last = request.headers[.lastEventID].flatMap { Int($0) }
        return AnswerStream.response(of: conversation.id, after: last, on: answers.board, to: context.channel)
            ?? Response(status: .noContent)
    }

    // MARK: - Parts

    private func conversation(_ context: AppContext) async throws -> Conversation {
        let session = try context.session.id
        guard
            let conversation = try await conversations.conversation(
                try context.identifier("conversation"), in: session)
        else { throw Fault.notFound }
        return conversation
    }

    private func body(_ conversation: Conversation) async throws -> ConversationBody {
        let messages = try await conversations.messages(of: conversation.id, in: conversation.sessionID)
        return ConversationBody(
            conversation, messages,
            suggestions: try await answers.suggestions(after: messages, in: conversation.sessionID),
            answering: answers.board.current(conversation.id))
    }
}
