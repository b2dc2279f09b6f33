public import Assistant
public import Domain
import Metrics

/// What is asked, with all that is known where it is asked.
public struct AskedQuestion: Sendable {
    public var text: Private<String>
    /// What its own words say.
    public var reading: ReadUrgency.Reading
    public var record: Record
    /// What was said before, oldest first.
    public var earlier: [Exchange]

    public init(
        text: Private<String>, reading: ReadUrgency.Reading, record: Record, earlier: [Exchange] = []
    ) {
        self.text = text
        self.reading = reading
        self.record = record
        self.earlier = earlier
    }

    public struct Exchange: Sendable {
        public var question: String
        public var answer: ChatAnswer

        public init(question: String, answer: ChatAnswer) {
            self.question = question
            self.answer = answer
        }
    }
}

/// What happens while an answer is composed.
public enum AnswerStep: Sendable {
    /// A language model gave so many pieces.
    case writing(tokens: Int)
    case sentence(AnswerSentence, index: Int)
}

/// Composes an answer. The library of prepared answers always has one; a language model may say it in its own words where
/// that does no harm, and what it says is held against the record sentence by sentence.
public struct ComposeAnswer: Sendable {
    let model: (any LanguageModel)?
    /// Whether a language model may speak where wrong words could do harm.
    let trustsModel: Bool
    /// Most tokens that a language model may say.
    let tokenLimit: Int
    /// About how many tokens it may be given.
    private let tokenBudget: Int
    private let router = IntentRouter()
    private let answerer = GroundedAnswerer()

    /// - Parameter contextTokens: what a language model's server takes, question and answer together.
    public init(
        model: (any LanguageModel)? = nil, trustsModel: Bool = false, tokenLimit: Int = 400, contextTokens: Int = 4096
    ) {
        self.model = model
        self.trustsModel = trustsModel
        self.tokenLimit = tokenLimit
        // Models count differently from the estimate, by up to a third with records like ours.
        tokenBudget = max(0, contextTokens - tokenLimit) * 3 / 4
    }

    /// What is ready before anybody is asked: the library's answer.
    public func draft(_ asked: AskedQuestion) -> Draft {
        let routing = router.route(
            asked.text.revealed, told: asked.reading.told, embedding: asked.reading.embedding, after: previous(asked))
        return Draft(
            asked: asked,
            grounded: answerer.answer(
                asked.text.revealed, as: routing, heard: asked.reading.level, record: asked.record,
                hasAsked: asked.earlier.contains { GroundedAnswerer.asksForSigns($0.answer.sentences) }))
    }

    /// The library's answer, and whether a language model is asked beside it.
    public struct Draft: Sendable {
        let asked: AskedQuestion
        public let grounded: GroundedAnswer

        /// The library's answer, as it is kept.
        public func answer(_ state: ChatAnswer.State, fallback: ChatAnswer.Fallback? = nil, struck: Int = 0)
            -> ChatAnswer
        {
            ChatAnswer(
                state: state, speaker: .library, sentences: grounded.sentences, intent: grounded.intent.rawValue,
                fallback: fallback, struck: struck, acuity: asked.record.acuity.level,
                suggestions: grounded.suggestions)
        }
    }

    /// Whether a language model has a say in the answer.
    func asksModel(_ draft: Draft) -> Bool {
        guard model != nil, draft.asked.reading.level < .emergency else { return false }
        switch draft.grounded.intent {
        case .emergency, .selfHarm, .injection: return false
        default: return trustsModel || !draft.grounded.intent.isHighRisk
        }
    }

    /// Has the language model begin, where it is asked, so that it reads while the question is being kept.
    ///
    /// - Returns: its words as they come, unchecked; letting go of them stops it.
    public func begin(_ draft: Draft) -> Reply? {
        guard let model, asksModel(draft) else { return nil }
        let pieces = model.reply(to: prompt(draft))
        let (record, question, grounded) = (draft.asked.record, draft.asked.text, draft.grounded)
        return Reply(
            speaker: model.name, pieces: pieces,
            check: Task { AnswerGuard(record: record, question: question.revealed, grounded: grounded) })
    }

    /// What a language model says.
    public struct Reply: Sendable {
        let speaker: String
        let pieces: AsyncThrowingStream<String, any Error>
        /// What its words will be held against, made while it reads.
        let check: Task<AnswerGuard, Never>
    }

    /// The whole answer. Cancelling the task stops the model; what was said until then is the answer.
    ///
    /// - Parameter reply: what the model says to this draft; nil where it isn't asked.
    public func callAsFunction(
        _ draft: Draft, reply: Reply?, emit: @Sendable (AnswerStep) -> Void
    ) async -> ChatAnswer {
        guard let reply else {
            for (index, sentence) in draft.grounded.sentences.enumerated() { emit(.sentence(sentence, index: index)) }
            return draft.answer(.complete)
        }
        var answer = draft.answer(.writing)
        answer.speaker = .model(reply.speaker)
        answer.sentences = []
        var check = await reply.check.value
        func take(_ guarded: [GuardedSentence]) {
            for one in guarded {
                if let reason = one.struckBecause {
                    Counter(
                        label: "lightbox_assistant_struck_sentences_total", dimensions: [("reason", reason.rawValue)]
                    ).increment()
                }
                guard one.isShown else { continue }
                emit(.sentence(one.sentence, index: answer.sentences.count))
                answer.sentences.append(one.sentence)
            }
        }
        var fallback: ChatAnswer.Fallback?
        do {
            var tokens = 0
            for try await piece in reply.pieces {
                tokens += 1
                emit(.writing(tokens: tokens))
                take(check.take(piece))
                if check.isOver { break }
            }
            try Task.checkCancellation()
            take(check.finish())
            fallback = ChatAnswer.Fallback(check.verdict)
        } catch is CancellationError {
            answer.state = .stopped
            answer.struck = check.struck
            return answer
        } catch {
            fallback = (error as? LanguageModelFault).map { ChatAnswer.Fallback($0) } ?? .unreachable
        }
        if let fallback {
            Counter(label: "lightbox_assistant_fallbacks_total", dimensions: [("cause", fallback.rawValue)]).increment()
            for (index, sentence) in draft.grounded.sentences.enumerated() { emit(.sentence(sentence, index: index)) }
            return draft.answer(.complete, fallback: fallback, struck: check.struck)
        }
        answer.state = .complete
        answer.struck = check.struck
        return answer
    }

    /// What a person may ask first.
    public func openers(_ record: Record) -> [String] {
        let intent: Intent =
            record.result != nil ? .findingsSummary : record.refusal != nil ? .pictureRefused : .whatCanYouDo
        return answerer.answer(
            "", as: Routing(intent), heard: .routine, record: record
        ).suggestions
    }

    /// What the question before was taken for, so that "and what does that mean?" has a meaning.
    private func previous(_ asked: AskedQuestion) -> Routing? {
        guard let last = asked.earlier.last, let intent = Intent(rawValue: last.answer.intent) else { return nil }
        return Routing(intent, subject: Subject(of: last.question))
    }

    private func prompt(_ draft: Draft) -> ChatPrompt {
        let prompt = AssistantPrompt(
            record: draft.asked.record,
            history: draft.asked.earlier.map { .init(question: $0.question, answer: $0.answer.text) },
            question: draft.asked.text.revealed, grounded: draft.grounded, tokenBudget: tokenBudget)
        return ChatPrompt(
            system: prompt.system, turns: prompt.turns.map { .init($0.isOfPerson ? .user : .assistant, $0.text) },
            tokenLimit: tokenLimit)
    }
}

extension ChatAnswer.Fallback {
    init(_ fault: LanguageModelFault) {
        self =
            switch fault {
            case .unreachable: .unreachable
            case .refused: .refused
            case .silent: .silent
            case .garbled: .garbled
            case .cutOff: .cutOff
            case .looping: .looping
            case .empty: .empty
            case .busy: .busy
            }
    }

    init?(_ verdict: AnswerGuard.Verdict) {
        switch verdict {
        case .fine: return nil
        case .looping: self = .looping
        case .wrongLanguage: self = .wrongLanguage
        case .empty: self = .empty
        case .nothingHeld: self = .nothingHeld
        }
    }
}
