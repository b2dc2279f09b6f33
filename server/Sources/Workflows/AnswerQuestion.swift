import Assistant
public import Domain
public import Foundation
import Metrics

/// Answers questions about a session's record, and keeps what was said.
///
/// An answer goes on when the one who asked has gone; who comes back finds it.
public struct AnswerQuestion: Sendable {
    let conversations: any ConversationStore
    let describe: DescribeRecord
    let watch: WatchAcuity
    let compose: ComposeAnswer
    public let board: AnswerBoard
    let audit: any Audit
    let limits: Limits
    let now: @Sendable () -> Date

    public init(
        conversations: any ConversationStore, describe: DescribeRecord, watch: WatchAcuity, compose: ComposeAnswer,
        board: AnswerBoard, audit: any Audit, limits: Limits, now: @escaping @Sendable () -> Date
    ) {
        self.conversations = conversations
        self.describe = describe
        self.watch = watch
        self.compose = compose
        self.board = board
        self.audit = audit
        self.limits = limits
        self.now = now
    }

    // MARK: - Conversations

    /// - Parameter title: empty: the first question becomes the title.
    public func begin(title: String, in session: SessionID) async throws(Fault) -> Conversation {
        let title = try Self.checked(title: title, mayBeEmpty: true)
        let time = now()
        let conversation = Conversation(
            id: .make(at: time), sessionID: session, title: title, createdAt: time, updatedAt: time)
        try await conversations.insert(conversation, limit: limits.conversationsPerSession)
        return conversation
    }

    public func rename(
        _ id: ConversationID, to title: String, in session: SessionID
    ) async throws(Fault) -> Conversation {
        let title = try Self.checked(title: title, mayBeEmpty: false)
        return try await conversations.rename(id, to: title, in: session, at: now())
    }

    public func delete(_ id: ConversationID, in session: SessionID) async throws(Fault) {
        try await conversations.delete(id, in: session)
        board.stop(id)
        audit.record(.conversationDeleted, on: "conversation:\(id)")
    }

    // MARK: - Questions

    /// What an exchange became, and its events from the beginning to the end.
    public struct Asked: Sendable {
        public var question: ChatMessage
        public var answer: ChatMessage
    }

    /// Keeps the question and begins to answer it.
    ///
    /// - Parameter replaced: an earlier question that this one takes the place of; all after it goes.
    /// - Returns: when both are durable. The answer is whole already where no language model is asked.
    /// - Throws: ``Fault/answerInProgress``; ``Fault/notFound``; ``Fault/validation(_:)``; ``Fault/tooManyMessages(limit:)``.
    public func ask(
        _ text: String, replacing replaced: ChatMessageID? = nil, in conversation: Conversation
    ) async throws(Fault) -> Asked {
        let text = try Self.checked(question: text)
        let id = conversation.id
        var messages = try await conversations.messages(of: id, in: conversation.sessionID)
        var first: Int?
        if let replaced {
            guard let index = messages.firstIndex(where: { $0.id == replaced }),
                case .question = messages[index].content
            else { throw .notFound }
            first = messages[index].number
            messages.removeSubrange(index...)
        }
        guard messages.count + 2 <= limits.messagesPerConversation else {
            throw .tooManyMessages(limit: limits.messagesPerConversation)
        }
        let time = now()
        let number = (messages.last?.number ?? 0) + 1
        let question = ChatMessage(
            id: .make(at: time), conversationID: id, number: number, createdAt: time, content: .question(text))
        return try await answer(
            question, isNew: true, replacingFrom: first, after: messages, in: conversation.sessionID)
    }

    /// Answers the newest question again.
    public func again(in conversation: Conversation) async throws(Fault) -> Asked {
        var messages = try await conversations.messages(of: conversation.id, in: conversation.sessionID)
        guard let index = messages.lastIndex(where: { if case .question = $0.content { true } else { false } })
        else { throw .notFound }
        let question = messages[index]
        messages.removeSubrange(index...)
        return try await answer(
            question, isNew: false, replacingFrom: question.number + 1, after: messages, in: conversation.sessionID)
    }

    /// Stops the answer that is being written, and waits until that is so.
    ///
    /// - Returns: the answer as far as it got; nil where none was being written.
    public func stop(_ id: ConversationID, in session: SessionID) async throws(Fault) -> ChatMessage? {
        guard try await conversations.conversation(id, in: session) != nil else { throw .notFound }
        guard let events = board.events(of: id, after: nil) else { return nil }
        board.stop(id)
        for await event in events {
            if case .done(let answer) = event.event { return answer }
        }
        return nil
    }

    /// What may be asked next: what the newest answer proposed, or what the record invites to ask.
    public func suggestions(after messages: [ChatMessage], in session: SessionID) async throws(Fault) -> [String] {
        if case .answer(let answer)? = messages.last?.content { return answer.suggestions }
        return compose.openers(try await describe.record(of: session))
    }

    // MARK: - The way of a question

    private func answer(
        _ question: ChatMessage, isNew: Bool, replacingFrom first: Int?, after messages: [ChatMessage],
        in session: SessionID
    ) async throws(Fault) -> Asked {
        guard case .question(let text) = question.content else { throw .notFound }
        let started = ContinuousClock.now
        let id = question.conversationID
        let time = now()
        var answer = ChatMessage(
            id: .make(at: time), conversationID: id, number: question.number + 1, createdAt: time,
            content: .answer(
                ChatAnswer(state: .writing, speaker: .library, sentences: [], intent: "", acuity: .routine)))
        try board.begin(answer, in: session)
        // The record is read while the words are, on another thread. Only what they say about the urgency can change it.
        let reading = Task { await watch.urgency(text) }
        do throws(Fault) {
            var record = try await describe.record(of: session)
            let heard = await reading.value
            if try await watch.note(heard, in: session) { record = try await describe.record(of: session) }
            if heard.level == .emergency { audit.record(.emergencyHeard, on: "conversation:\(id)") }
            let draft = compose.draft(
                AskedQuestion(
                    text: Private(text), reading: heard, record: record, earlier: Self.exchanges(messages)))
            let reply = compose.begin(draft)
            // Whoever ends in the middle of what a model says leaves the library's answer.
            answer.content = .answer(draft.answer(reply == nil ? .complete : .writing))
            try await conversations.append(
                isNew ? [question, answer] : [answer], replacingFrom: first, title: Self.title(of: text), in: session)
            audit.record(.questionAnswered, on: "conversation:\(id)")
            run(draft, question: question, answer: answer, reply: reply, started: started)
        } catch {
            reading.cancel()
            board.finish(id)
            throw error
        }
        return Asked(question: question, answer: answer)
    }

    private func run(
        _ draft: ComposeAnswer.Draft, question: ChatMessage, answer: ChatMessage,
        reply: ComposeAnswer.Reply?, started: ContinuousClock.Instant
    ) {
        let id = answer.conversationID
        let board = board
        let compose = compose
        let asksModel = reply != nil
        var shown = answer
        if case .answer(var content) = answer.content, asksModel {
            content.sentences = []
            shown.content = .answer(content)
        }
        board.show(.began(question: question, answer: shown), in: id)
        let writing = Task {
            await Step.run("answer") {
                await compose(draft, reply: reply) { step in
                    switch step {
                    case .writing(let tokens): board.show(.writing(tokens: tokens), in: id)
                    case .sentence(let sentence, let index):
                        board.show(.sentence(sentence, index: index, of: answer.id), in: id)
                    }
                }
            }
        }
        board.onStop(id) { writing.cancel() }
        // Not a child of the request: the answer goes on when the one who asked has gone.
        Task { [conversations] in
            let content = await writing.value
            var answer = answer
            answer.content = .answer(content)
            if asksModel { try? await conversations.update(answer) }
            let speaker = if case .library = content.speaker { "library" } else { "model" }
            Metrics.Timer(label: "lightbox_assistant_answer_seconds", dimensions: [("speaker", speaker)])
                .recordSeconds((ContinuousClock.now - started) / .seconds(1))
            Counter(
                label: "lightbox_assistant_answers_total",
                dimensions: [("speaker", speaker), ("state", content.state.rawValue)]
            ).increment()
            board.show(.done(answer: answer), in: id)
            board.finish(id)
        }
    }

    // MARK: - Rules

    private static func exchanges(_ messages: [ChatMessage]) -> [AskedQuestion.Exchange] {
        zip(messages, messages.dropFirst()).compactMap { one, next in
            guard case .question(let text) = one.content, case .answer(let answer) = next.content else { return nil }
            return AskedQuestion.Exchange(question: text, answer: answer)
        }
    }

    static func title(of question: String) -> String {
        let words = question.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard words.count > Conversation.longestTitle else { return words }
        return words.prefix(Conversation.longestTitle - 1).trimmingCharacters(in: .whitespaces) + "…"
    }

    private static func checked(question text: String) throws(Fault) -> String {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.isEmpty {
            throw .validation(
                ValidationFault([FieldFault(pointer: "/text", code: .required, detail: "Ask something.")]))
        }
        guard text.count <= Conversation.longestQuestion else {
            throw .validation(
                ValidationFault([
                    FieldFault(
                        pointer: "/text", code: .tooLong,
                        detail: "Enter at most \(Conversation.longestQuestion) characters.")
                ]))
        }
        return text
    }

    private static func checked(title: String, mayBeEmpty: Bool) throws(Fault) -> String {
        do throws(ValidationFault) {
            return try Conversation.title(typed: title, mayBeEmpty: mayBeEmpty)
        } catch {
            throw .validation(error)
        }
    }
}
